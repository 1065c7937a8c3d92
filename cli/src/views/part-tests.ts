import type { PartTest } from 'asyncv'
import { print, printJson } from '../output.ts'
import { cleanLine } from '../terminal/clean.ts'
import { screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import { durationOf } from '../terminal/time.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

export type { PartTest }

/** Side by side: each may take as long as its platform. */
export function testAll(names: readonly string[], test: (name: string) => Promise<PartTest>): Promise<PartTest[]> {
  return Promise.all(names.map(test))
}

/** Shows what came of them. Exit code 1 when one has failed. */
export function printTests(tests: readonly PartTest[], flags: Flags): void {
  if (tests.some(({ result }) => result === 'failed')) process.exitCode = 1
  if (flags['json']) return printJson(tests)
  const where = screen()
  const { headings, parts } = words
  const { green, red, dim } = where.paint
  const paint = (text: string, { result }: PartTest): string =>
    result === 'ok' ? green(text) : result === 'failed' ? red(text) : dim(text)
  print(
    tableOf<PartTest>(
      tests,
      [
        { heading: headings.name, cell: ({ name }) => cleanLine(name) },
        { heading: parts.type, cell: ({ type }) => cleanLine(type ?? '-') },
        { heading: parts.result, cell: ({ result }) => parts.results[result], paint },
        {
          heading: headings.took,
          cell: ({ latencyMs }) => (latencyMs === null ? '-' : durationOf(latencyMs)),
          right: true,
        },
        {
          heading: parts.detail,
          cell: ({ result, detail }) => (result === 'ok' ? cleanLine(detail ?? '-') : '-'),
          flexible: true,
        },
        ...(tests.some(({ models }) => models !== null)
          ? [{ heading: parts.models, cell: ({ models }: PartTest) => modelsOf(models), flexible: true as const }]
          : []),
      ],
      where,
    ),
  )
  // A reason is read, not looked over: it is not cut.
  for (const { name, result, detail, hint } of tests) {
    if (result !== 'failed') continue
    print(`${red('✗')} ${cleanLine(name)}: ${cleanLine(detail ?? '')}`)
    if (hint !== null) print(`  ${dim(cleanLine(hint))}`)
  }
}

function modelsOf(models: readonly string[] | null): string {
  if (models === null) return '-'
  return models.length === 0 ? words.parts.noModels : `${models.length}: ${models.map(cleanLine).join(', ')}`
}
