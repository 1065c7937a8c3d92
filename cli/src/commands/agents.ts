import { openClient } from '../calling/client.ts'
import { print, printJson, talk } from '../output.ts'
import { cleanLine } from '../terminal/clean.ts'
import { screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

interface Agent {
  name: string
  model: string[]
  tools: string[]
}

/** `asyncv agents`: whom one can talk to. */
export async function run(flags: Flags): Promise<void> {
  const client = await openClient(flags)
  const { data } = await client.get<{ data: Agent[] }>('/v1/agents', 'data')
  if (flags['json']) return printJson(data)
  if (data.length === 0) return talk(words.lists.noAgents, flags)
  const { headings } = words
  const joined = (names: string[]): string => names.map(cleanLine).join(', ') || '-'
  print(
    tableOf(
      data,
      [
        { heading: headings.name, cell: ({ name }) => cleanLine(name) },
        { heading: headings.model, cell: ({ model }) => joined(model), flexible: true },
        { heading: headings.tools, cell: ({ tools }) => joined(tools), flexible: true },
      ],
      screen(),
    ),
  )
}
