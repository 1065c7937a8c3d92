import { crashPoints } from 'asyncv/testing'
import { UsageError } from '../failure.ts'
import type { Flags } from '../program.ts'

/** `asyncv debug crashpoints`: where a crash test may kill the process. */
export async function run(flags: Flags, what: string): Promise<void> {
  if (what !== 'crashpoints')
    throw new UsageError(`There is nothing called "${what}" to look at.`, 'Known: crashpoints.')
  process.stdout.write(flags['json'] ? `${JSON.stringify(crashPoints, null, 2)}\n` : `${crashPoints.join('\n')}\n`)
}
