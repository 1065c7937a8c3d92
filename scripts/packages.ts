import { readFileSync } from 'node:fs'

/** The published packages, as folders, in build order. */
export const packages = [
  'migrations',
  '.',
  'connectors/telegram',
  'providers/openai',
  'server',
  'studio',
  'cli',
  'create-asyncv',
]

export interface Manifest {
  name: string
  exports: Record<string, string | Record<string, string>>
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Manifest
}
