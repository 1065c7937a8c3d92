/**
 * Builds what is older than its source, so that the tests of the command run what is published: from TypeScript each of
 * some hundred processes would take three times as long to start.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { newest } from '../scripts/newest.ts'
import { packages } from '../scripts/packages.ts'

const root = join(import.meta.dirname, '..')

export default function build(): void {
  for (const name of packages) {
    const folder = join(root, name)
    if (newest(join(folder, 'src')) < newest(join(folder, 'dist'))) continue
    const config = join(root, 'tsup.config.ts')
    execFileSync('npx', ['tsup', '--config', config, '--silent'], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
  }
}
