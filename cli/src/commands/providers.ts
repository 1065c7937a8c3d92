import { openManagement } from '../calling/management.ts'
import { print, printJson } from '../output.ts'
import { printTests, type PartTest, testAll } from '../views/part-tests.ts'
import type { ServiceStatus } from '../calling/service-status.ts'
import { cleanLine } from '../terminal/clean.ts'
import { screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv providers list`: the model services that agents can name. */
export async function list(flags: Flags): Promise<void> {
  const { ask } = await openManagement('asyncv.status()')
  const { providers } = await ask<ServiceStatus>('GET', '/status')
  if (flags['json']) return printJson(providers)
  print(
    tableOf(
      providers,
      [
        { heading: words.headings.name, cell: ({ name }) => cleanLine(name) },
        { heading: words.parts.type, cell: ({ type }) => cleanLine(type ?? '-') },
      ],
      screen(),
    ),
  )
}

/** `asyncv providers test [NAME]`: one, or all of them. Exit code 1 when one has failed. */
export async function test(flags: Flags, name?: string): Promise<void> {
  const { ask } = await openManagement('asyncv.providers.test()')
  const all = async (): Promise<string[]> =>
    (await ask<ServiceStatus>('GET', '/status')).providers.map((one) => one.name)
  const names = name === undefined ? await all() : [name]
  const tests = await testAll(names, (one) => ask<PartTest>('POST', `/providers/${encodeURIComponent(one)}/test`))
  printTests(tests, flags)
}
