import type { RouteSummary } from 'asyncv'
import { openManagement } from '../calling/management.ts'
import { print, printJson, talk } from '../output.ts'
import { cleanLine } from '../terminal/clean.ts'
import { screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv routes`: which agent answers which connector. */
export async function run(flags: Flags): Promise<void> {
  const { ask } = await openManagement('asyncv.routes()')
  const { data } = await ask<{ data: RouteSummary[] }>('GET', '/routes')
  if (flags['json']) return printJson(data)
  if (data.length === 0) return talk(words.parts.noConnectors, flags)
  print(
    tableOf(
      data,
      [
        { heading: words.parts.connector, cell: ({ connector }) => cleanLine(connector) },
        { heading: words.headings.agent, cell: ({ agent }) => cleanLine(agent) },
      ],
      screen(),
    ),
  )
}
