import { execFile } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const studio = join(import.meta.dirname, '..')

/** What whoever builds it may have in their environment; `bundle.test.ts` looks for it in what was built. */
export const builderVariables = {
  ASYNCV_STUDIO_KEY: 'canary-in-a-key-5b1f',
  OPENAI_API_KEY: 'canary-in-an-api-key-90c2',
  VITE_TOKEN: 'canary-in-a-variable-of-vite-77de',
}

/** The app as it is published, for the service to give out: built once for all tests, when its sources are newer. */
export default async function buildApp(): Promise<void> {
  const built = join(studio, 'dist/app/index.html')
  const sources = [
    'app',
    'src/schemas',
    'index.html',
    'vite.config.ts',
    'precompressed.ts',
    'without-json-schema.ts',
    'constructed-styles.ts',
    'package.json',
    '../src/schemas',
  ]
  const newest = Math.max(...sources.map((source) => changedAt(join(studio, source))))
  if (existsSync(built) && statSync(built).mtimeMs > newest) return
  // In a process of its own: with this one's NODE_ENV, which is `test`, React would be the one for development.
  await promisify(execFile)('npm', ['run', '--silent', 'build:app'], {
    cwd: studio,
    env: { ...process.env, ...builderVariables, NODE_ENV: 'production' },
  })
}

function changedAt(path: string): number {
  const found = statSync(path)
  // The route tree is written by the build itself.
  if (path.endsWith('.gen.ts')) return 0
  if (!found.isDirectory()) return found.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => changedAt(join(path, name))))
}
