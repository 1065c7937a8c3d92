import { print, printJson } from '../output.ts'
import { lookAt } from '../calling/service-status.ts'
import { statusJson } from '../views/status-json.ts'
import { statusLines } from '../views/status-lines.ts'
import { screen } from '../terminal/screen.ts'
import type { Flags } from '../tree/command.ts'

/** `asyncv status`: readiness, the numbers that matter, and the parts. Exit code 1 when the service is not ready. */
export async function run(flags: Flags): Promise<void> {
  if (flags['watch'] === true) {
    const { watchStatus } = await import('../views/status-watch.ts')
    return watchStatus(flags)
  }
  const seen = await lookAt(flags)
  if (!seen.ready) process.exitCode = 1
  if (flags['json']) return printJson(statusJson(seen))
  print(statusLines(seen, screen()).join('\n'))
}
