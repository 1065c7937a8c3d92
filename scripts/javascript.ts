import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { newest } from './newest.ts'

const root = join(import.meta.dirname, '..')
const config = join(root, 'tsup.config.ts')

/** Whether a package's JavaScript is not there, or was built before its source was written. */
export function isJavaScriptOld(name: string): boolean {
  const folder = join(root, name)
  const written = Math.max(...[join(folder, 'src'), join(folder, 'package.json'), config].map((path) => newest(path)))
  // Studio's web app is built by something else.
  return newest(join(folder, 'dist'), 'app') < written
}

/** Not by npx, which takes longer to start than tsup to build. */
export async function buildJavaScript(name: string): Promise<void> {
  const tsup = join(root, 'node_modules/.bin/tsup')
  await promisify(execFile)(tsup, ['--config', config, '--silent'], { cwd: join(root, name) })
}
