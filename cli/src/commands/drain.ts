import { setTimeout as sleep } from 'node:timers/promises'
import type { DrainState } from 'asyncv'
import { type Management, openManagement } from '../calling/management.ts'
import { print, printJson, talk } from '../output.ts'
import { drainText } from '../views/status-lines.ts'
import { fit } from '../terminal/width.ts'
import type { Flags } from '../tree/command.ts'

/** How often is asked how far it is. ms. */
const everyMs = 300

/**
 * `asyncv drain`: nothing more is taken in, what was accepted is finished. `--wait` until it is, `--undo` to go back. Exit
 * code 1 when somebody else undoes what is waited for.
 */
export async function run(flags: Flags): Promise<void> {
  const management = await openManagement('asyncv.drain')
  const { ask } = management
  const begun = await ask<DrainState>(flags['undo'] === true ? 'DELETE' : 'POST', '/drain')
  const isAwaited = flags['wait'] === true && flags['undo'] !== true
  const state = isAwaited ? await finished(begun, management, flags) : begun
  if (isAwaited && state.state !== 'drained') process.exitCode = 1
  if (flags['json']) return printJson(state)
  print(drainText(state))
}

/** In a terminal how far it is stands in one line; elsewhere each step is a line, on stderr. */
async function finished(begun: DrainState, { ask }: Management, flags: Flags): Promise<DrainState> {
  const inPlace = process.stderr.isTTY && flags['quiet'] !== true
  let state = begun
  let said = ''
  while (state.state === 'leaving' || state.state === 'draining') {
    const text = drainText(state)
    if (inPlace) process.stderr.write(`\r${fit(text, (process.stderr.columns || 80) - 1)}\u001b[K`)
    else if (text !== said) talk(text, flags)
    said = text
    await sleep(everyMs)
    state = await ask<DrainState>('GET', '/drain')
  }
  if (inPlace && said !== '') process.stderr.write('\r\u001b[K')
  return state
}
