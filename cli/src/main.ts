#!/usr/bin/env node
/**
 * `asyncv`. Results go to stdout, talk to stderr. Exit codes: 0 done, 1 failed, 2 the input or configuration is wrong.
 * Each command is loaded when it is called, so that `--version` and `--help` load next to nothing.
 */
import { version } from './version.ts'

if (process.argv.length === 3 && ['--version', '-v'].includes(process.argv[2] ?? '')) {
  // Nobody reads it any more.
  process.stdout.on('error', () => {})
  process.stdout.write(`asyncv ${version}\n`)
} else {
  const { runCommand } = await import('./program.ts')
  await runCommand(process.argv)
}
