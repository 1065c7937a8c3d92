import { join } from 'node:path'
import { newest } from './newest.ts'
import { root, startTool, succeeded } from './tool.ts'

const config = join(root, 'tsup.config.ts')

/** Whether a package's JavaScript is not there, or was built before its source was written. */
export function isJavaScriptOld(name: string): boolean {
  const folder = join(root, name)
  const written = Math.max(...[join(folder, 'src'), join(folder, 'package.json'), config].map((path) => newest(path)))
  // Studio's web app is built by something else.
  return newest(join(folder, 'dist'), 'app') < written
}

export function buildJavaScript(name: string): Promise<void> {
  return succeeded(startTool('tsup', ['--config', config, '--silent'], { cwd: join(root, name) }))
}
