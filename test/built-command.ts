/**
 * Builds what is older than its source, so that the tests of the command run what is published: from TypeScript each of
 * some hundred processes would take three times as long to start.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { newest, writtenAt } from '../scripts/newest.ts'
import { packages } from '../scripts/packages.ts'

const root = join(import.meta.dirname, '..')

export default async function build(): Promise<void> {
  // Side by side: none reads what another writes.
  await Promise.all(packages.map((name) => buildPackage(join(root, name))))
}

async function buildPackage(folder: string): Promise<void> {
  const config = join(root, 'tsup.config.ts')
  const changedAt = Math.max(newest(join(folder, 'src')), ...[config, join(folder, 'package.json')].map(writtenAt))
  // Studio's web app is built by something else.
  if (changedAt < newest(join(folder, 'dist'), 'app')) return
  // Not by npx, which takes longer to start than tsup to build.
  await promisify(execFile)(join(root, 'node_modules/.bin/tsup'), ['--config', config, '--silent'], { cwd: folder })
}
