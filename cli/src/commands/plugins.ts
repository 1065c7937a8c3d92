import { openManagement } from '../calling/management.ts'
import { print, printJson, talk } from '../output.ts'
import type { ServiceStatus } from '../calling/service-status.ts'
import { cleanLine } from '../terminal/clean.ts'
import { screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv plugins`: those that the service has loaded, and what each brings. */
export async function run(flags: Flags): Promise<void> {
  const { ask } = await openManagement('asyncv.status()')
  const { plugins } = await ask<ServiceStatus>('GET', '/status')
  if (flags['json']) return printJson(plugins)
  if (plugins.length === 0) return talk(words.parts.noPlugins, flags)
  const joined = (names: string[]): string => names.map(cleanLine).join(', ') || '-'
  const { parts, headings } = words
  print(
    tableOf(
      plugins,
      [
        { heading: headings.name, cell: ({ name }) => cleanLine(name) },
        { heading: parts.connectors, cell: ({ connectors }) => joined(connectors), flexible: true },
        { heading: parts.providers, cell: ({ providers }) => joined(providers), flexible: true },
        { heading: headings.tools, cell: ({ tools }) => joined(tools), flexible: true },
      ],
      screen(),
    ),
  )
}
