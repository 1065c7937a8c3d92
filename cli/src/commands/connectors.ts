import type { ConnectorStatus } from 'asyncv'
import { openManagement } from '../calling/management.ts'
import { sayWhileWaiting } from '../calling/while-waiting.ts'
import { print, printJson, talk } from '../output.ts'
import { printTests, type PartTest, testAll } from '../views/part-tests.ts'
import type { ServiceStatus } from '../calling/service-status.ts'
import { cleanLine } from '../terminal/clean.ts'
import { screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv connectors list`: where the service is reached, and how each is doing. */
export async function list(flags: Flags): Promise<void> {
  const { ask } = await openManagement('asyncv.status()')
  const { connectors } = await ask<ServiceStatus>('GET', '/status')
  if (flags['json']) return printJson(connectors)
  if (connectors.length === 0) return talk(words.parts.noConnectors, flags)
  const where = screen()
  const { headings, parts } = words
  const paint = (text: string, { ok, state }: ConnectorStatus): string =>
    ok ? where.paint.green(text) : state === 'stopped' ? where.paint.yellow(text) : where.paint.red(text)
  print(
    tableOf<ConnectorStatus>(
      connectors,
      [
        { heading: headings.name, cell: ({ name }) => cleanLine(name) },
        { heading: parts.type, cell: ({ type }) => cleanLine(type) },
        { heading: headings.state, cell: ({ state }) => parts.states[state], paint },
        { heading: parts.account, cell: ({ account }) => cleanLine(account ?? '-') },
        { heading: headings.agent, cell: ({ agent }) => cleanLine(agent ?? '-') },
        { heading: parts.detail, cell: ({ detail }) => cleanLine(detail ?? '-'), flexible: true },
      ],
      where,
    ),
  )
}

/** `asyncv connectors start NAME`. */
export function start(flags: Flags, name: string): Promise<void> {
  return change(flags, name, 'start', words.parts.started)
}

/** `asyncv connectors stop NAME`. */
export function stop(flags: Flags, name: string): Promise<void> {
  return change(flags, name, 'stop', words.parts.stopped)
}

async function change(flags: Flags, name: string, action: string, said: (name: string) => string): Promise<void> {
  const management = await openManagement(`asyncv.connectors.${action}()`)
  const changed = management.ask<ConnectorStatus>('POST', `/connectors/${encodeURIComponent(name)}/${action}`)
  const connector = await sayWhileWaiting(changed, management, flags)
  if (flags['json']) return printJson(connector)
  print(said(cleanLine(connector.name)))
}

/** `asyncv connectors test [NAME]`: one, or all of them. Exit code 1 when one has failed. */
export async function test(flags: Flags, name?: string): Promise<void> {
  const { ask } = await openManagement('asyncv.connectors.test()')
  const all = async (): Promise<string[]> =>
    (await ask<ServiceStatus>('GET', '/status')).connectors.map((one) => one.name)
  const names = name === undefined ? await all() : [name]
  if (names.length === 0) return talk(words.parts.noConnectors, flags)
  const tests = await testAll(names, (one) => ask<PartTest>('POST', `/connectors/${encodeURIComponent(one)}/test`))
  printTests(tests, flags)
}
