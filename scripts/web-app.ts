import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { newest } from './newest.ts'
import { root, startTool } from './tool.ts'

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
export function startWebAppBuild(env: NodeJS.ProcessEnv = {}): ChildProcess {
  const place = { cwd: join(root, 'studio'), env: { NODE_ENV: 'production', ...env } }
  return startTool('vite', ['build', '--logLevel', 'warn'], place)
}
