/**
 * Builds what is older than its source, so that the tests of the command run what is published: from TypeScript each of
 * some hundred processes would take three times as long to start.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { newest, writtenAt } from '../scripts/newest.ts'
import { packages } from '../scripts/packages.ts'

const root = join(import.meta.dirname, '..')

export default function build(): void {
  for (const name of packages) {
    const folder = join(root, name)
    const config = join(root, 'tsup.config.ts')
    const changedAt = Math.max(newest(join(folder, 'src')), ...[config, join(folder, 'package.json')].map(writtenAt))
    // Studio's web app is built by something else.
    if (changedAt < newest(join(folder, 'dist'), 'app')) continue
    execFileSync('npx', ['tsup', '--config', config, '--silent'], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
  }
}
