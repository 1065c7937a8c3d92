import { crashPoints } from 'asyncv/testing'
import colors from 'picocolors'
import { meaningOf } from '../crash-points.ts'
import { CommandError } from '../failure.ts'
import { endWithReader } from '../output.ts'
import type { Flags } from '../tree.ts'
import { words } from '../words/spoken.ts'

/** `asyncv debug crashpoints`: where a crash test may kill the process. */
export async function run(flags: Flags, what?: string): Promise<void> {
  endWithReader()
  if (what !== 'crashpoints') {
    const given = what === undefined ? words.debug.what : words.debug.nothing(what)
    throw new CommandError(given, words.usage.known(['crashpoints']), 2)
  }
  const points = crashPoints.map((name) => ({ name, meaning: meaningOf(name) }))
  process.stdout.write(flags['json'] ? `${JSON.stringify(points, null, 2)}\n` : table(points))
}

function table(points: { name: string; meaning: string }[]): string {
  const { dim } = colors.createColors(colors.isColorSupported && process.stdout.isTTY)
  const width = Math.max(...points.map(({ name }) => name.length))
  return points.map(({ name, meaning }) => `${name.padEnd(width)}  ${dim(meaning)}\n`).join('')
}
