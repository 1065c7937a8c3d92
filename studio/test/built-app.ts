import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

const studio = join(import.meta.dirname, '..')

/** The app as it is published, for the service to give out: built once for all tests, when its sources are newer. */
export default async function buildApp(): Promise<void> {
  const built = join(studio, 'dist/app/index.html')
  const sources = ['app', 'src/schemas', 'index.html', 'vite.config.ts', 'package.json', '../src/schemas']
  const newest = Math.max(...sources.map((source) => changedAt(join(studio, source))))
  if (existsSync(built) && statSync(built).mtimeMs > newest) return
  await build({ configFile: join(studio, 'vite.config.ts'), logLevel: 'warn', mode: 'production' })
}

function changedAt(path: string): number {
  const found = statSync(path)
  // The route tree is written by the build itself.
  if (path.endsWith('.gen.ts')) return 0
  if (!found.isDirectory()) return found.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => changedAt(join(path, name))))
}
