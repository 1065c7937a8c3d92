/**
 * Builds what is older than its source, so that the tests of the command run what is published: from TypeScript each of
 * some hundred processes would take three times as long to start.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { packages } from '../scripts/packages.ts'

const root = join(import.meta.dirname, '..')

export default function build(): void {
  for (const name of packages) {
    const folder = join(root, name)
    const config = join(root, 'tsup.config.ts')
    const changedAt = Math.max(newest(join(folder, 'src')), ...[config, join(folder, 'package.json')].map(writtenAt))
    if (changedAt < newest(join(folder, 'dist'))) continue
    execFileSync('npx', ['tsup', '--config', config, '--silent'], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
  }
}

/** When the newest file in there was written; 0 when there is none. */
function newest(folder: string): number {
  if (!existsSync(folder)) return 0
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Math.max(0, ...files.map((file) => writtenAt(join(folder, file))))
}

function writtenAt(file: string): number {
  return statSync(file).mtimeMs
}
