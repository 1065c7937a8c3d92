import { type Examined, examine } from '../doctor/examine.ts'
import { groups, type Level } from '../doctor/finding.ts'
import { endWithReader, print, printJson } from '../output.ts'
import { type Screen, screen } from '../terminal/screen.ts'
import { wrap } from '../terminal/wrap.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv doctor [--fix]`: looks at everything that a service stands on. Exit code 1 when something is wrong. */
export async function run(flags: Flags): Promise<void> {
  endWithReader()
  const found = await examine(process.env, { fix: flags['fix'] === true })
  const wrong = found.filter((one) => isWrong(one))
  if (wrong.length > 0) process.exitCode = 1
  if (flags['json']) return printJson({ ok: wrong.length === 0, findings: found.map(asJson) })
  const on = screen()
  for (const group of groups) {
    const its = found.filter((one) => one.group === group)
    if (its.length === 0) continue
    print(on.paint.bold(words.doctor.groups[group]))
    for (const one of its) for (const line of linesOf(one, on)) print(line)
    print('')
  }
  const mendable = wrong.filter(({ mendable: can }) => can).length
  print(wrong.length === 0 ? on.paint.green(words.doctor.allWell) : on.paint.bold(words.doctor.wrong(wrong.length)))
  if (mendable > 0 && flags['fix'] !== true) print(words.doctor.mendable(mendable))
}

function isWrong({ level, done }: Examined): boolean {
  return (level === 'warning' || level === 'error') && done === null
}

function asJson({ group, code, level, text, fix, mendable, done, failed }: Examined): object {
  return { group, code, level, text, fix, mendable, done, ...(failed === null ? {} : { failed }) }
}

const signs: Record<Level, string> = { ok: '✓', note: '·', warning: '!', error: '✗' }

function linesOf({ level, code, text, fix, done, failed }: Examined, { columns, paint }: Screen): string[] {
  const paints: Record<Level, (text: string) => string> = {
    ok: paint.green,
    note: paint.dim,
    warning: paint.yellow,
    error: paint.red,
  }
  const wrong = level === 'warning' || level === 'error'
  const sign = done === null ? paints[level](signs[level]) : paint.green('✓')
  const room = columns === null ? null : columns - 4
  const [first = '', ...more] = text.split('\n').flatMap((line) => wrap(line, room))
  return [
    `  ${sign} ${first}`,
    ...more.map((line) => `    ${line}`),
    ...(done === null ? [] : wrap(`→ ${done}`, room).map((line) => `    ${paint.green(line)}`)),
    ...(failed === null ? [] : wrap(`→ ${failed}`, room).map((line) => `    ${paint.red(line)}`)),
    ...(fix === null || done !== null ? [] : wrap(`→ ${fix}`, room).map((line) => `    ${line}`)),
    ...(wrong && done === null ? [`    ${paint.dim(code)}`] : []),
  ]
}
