import { CommandError } from '../failure.ts'
import { end } from '../process/ending.ts'
import { print, talk } from '../output.ts'
import { runningHere } from '../process/running.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** Longer than a service drains. s. */
const usualTimeout = 40

/** `asyncv stop`: has the service that runs here end in good order. Where none does, there is nothing to do. */
export async function run(flags: Flags): Promise<void> {
  const timeoutMs = timeoutOf(flags)
  const service = await runningHere(flags)
  if (service === null) return talk(words.stop.nothing, flags)
  await end(service, { timeoutMs, now: flags['now'] === true, flags })
  print(words.stop.stopped(service.pid))
}

/** In ms. */
export function timeoutOf(flags: Flags): number {
  const given = flags['timeout'] ?? usualTimeout
  const seconds = Number(given)
  if (seconds >= 1 && seconds <= 3_600) return seconds * 1_000
  throw new CommandError(words.stop.timeout(String(given)), words.stop.timeoutHint, 2)
}
