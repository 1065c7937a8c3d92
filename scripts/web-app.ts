import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { newest } from './newest.ts'

const root = join(import.meta.dirname, '..')

const sources = [
  'studio/app',
  'studio/src/schemas',
  'studio/index.html',
  'studio/vite.config.ts',
  'studio/precompressed.ts',
  'studio/without-json-schema.ts',
  'studio/constructed-styles.ts',
  'studio/package.json',
  'src/schemas',
]

/** Whether Studio's web app is not there, or was built before its sources were written. */
export function isWebAppOld(): boolean {
  return newest(join(root, 'studio/dist/app')) < Math.max(...sources.map((source) => newest(join(root, source))))
}

/** In a process of its own: with the `NODE_ENV` of tests, React would be the one for development. */
export async function buildWebApp(env: NodeJS.ProcessEnv = {}): Promise<void> {
  await promisify(execFile)(join(root, 'node_modules/.bin/vite'), ['build', '--logLevel', 'warn'], {
    cwd: join(root, 'studio'),
    env: { ...process.env, NODE_ENV: 'production', ...env },
  })
}
