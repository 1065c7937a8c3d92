import { crashPoints } from 'asyncv/testing'
import { meaningOf } from '../debug/crash-points.ts'
import { CommandError } from '../failure.ts'
import { print, printJson } from '../output.ts'
import { screen } from '../terminal/screen.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

const shown: Readonly<Record<string, (flags: Flags) => Promise<void> | void>> = {
  crashpoints: crashpoints,
  async routes(flags) {
    const { showRoutes } = await import('../debug/routes.ts')
    showRoutes(flags)
  },
  async config(flags) {
    const { showConfig } = await import('../debug/config.ts')
    await showConfig(flags)
  },
}

/** `asyncv debug crashpoints | routes | config`: what is inside. */
export async function run(flags: Flags, what?: string): Promise<void> {
  const show = what === undefined ? undefined : shown[what]
  if (show === undefined || !Object.hasOwn(shown, what ?? '')) {
    const given = what === undefined ? words.debug.what : words.debug.nothing(what)
    throw new CommandError(given, words.usage.known(Object.keys(shown)), 2)
  }
  await show(flags)
}

/** Where a crash test may kill the process. */
function crashpoints(flags: Flags): void {
  const points = crashPoints.map((name) => ({ name, meaning: meaningOf(name) }))
  if (flags['json']) return printJson(points)
  const { paint } = screen()
  const width = Math.max(...points.map(({ name }) => name.length))
  print(points.map(({ name, meaning }) => `${name.padEnd(width)}  ${paint.dim(meaning)}`).join('\n'))
}
