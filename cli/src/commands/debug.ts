import { crashPoints } from 'asyncv/testing'
import colors from 'picocolors'
import { meaningOf } from '../crash-points.ts'
import { CommandError } from '../failure.ts'
import { endWithReader } from '../output.ts'
import type { Flags } from '../tree.ts'

/** `asyncv debug crashpoints`: where a crash test may kill the process. */
export async function run(flags: Flags, what?: string): Promise<void> {
  endWithReader()
  if (what !== 'crashpoints') {
    const given =
      what === undefined
        ? '"asyncv debug" needs to know what to show.'
        : `There is nothing called "${what}" to look at.`
    throw new CommandError(given, 'Known: crashpoints.', 2)
  }
  const points = crashPoints.map((name) => ({ name, meaning: meaningOf(name) }))
  process.stdout.write(flags['json'] ? `${JSON.stringify(points, null, 2)}\n` : table(points))
}

function table(points: { name: string; meaning: string }[]): string {
  const { dim } = colors.createColors(colors.isColorSupported && process.stdout.isTTY)
  const width = Math.max(...points.map(({ name }) => name.length))
  return points.map(({ name, meaning }) => `${name.padEnd(width)}  ${dim(meaning)}\n`).join('')
}
