import type { Installed, InstalledTool, InstalledType } from 'asyncv'
import { openManagement } from '../calling/management.ts'
import { print, printJson } from '../output.ts'
import { cleanLine } from '../terminal/clean.ts'
import { screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv types`: what a configuration may name. With `--json` the schemas of options and inputs, too. */
export async function run(flags: Flags): Promise<void> {
  const { ask } = await openManagement('asyncv.installed()')
  const found = await ask<Installed>('GET', '/types')
  if (flags['json']) return printJson(found)
  const { types } = words
  const where = screen()
  const typeTable = tableOf<InstalledType>(
    found.types,
    [
      { heading: types.type, cell: ({ type }) => cleanLine(type) },
      { heading: types.kind, cell: ({ kind }) => types.kinds[kind] },
      { heading: types.origin, cell: ({ origin }) => cleanLine(origin) },
      { heading: types.options, cell: ({ options }) => optionsOf(options), flexible: 'wrapped' },
    ],
    where,
  )
  const toolTable = tableOf<InstalledTool>(
    found.tools,
    [
      { heading: types.tool, cell: ({ name }) => cleanLine(name) },
      { heading: types.effect, cell: ({ effect }) => effect },
      { heading: types.origin, cell: ({ origin }) => cleanLine(origin) },
      { heading: types.about, cell: ({ description }) => cleanLine(description), flexible: 'wrapped' },
    ],
    where,
  )
  print(`${typeTable}\n\n${toolTable}`)
}

/** The names of options, those that have to be given first, with a mark. */
function optionsOf(schema: InstalledType['options']): string {
  const { properties, required } = (schema ?? {}) as { properties?: Record<string, unknown>; required?: string[] }
  const needed = required ?? []
  const names = Object.keys(properties ?? {}).sort((a, b) => Number(needed.includes(b)) - Number(needed.includes(a)))
  return names.map((name) => cleanLine(needed.includes(name) ? `${name}*` : name)).join(', ') || '-'
}
