import { screen } from './terminal/screen.ts'
import { padEnd, widthOf } from './terminal/width.ts'
import { wrap } from './terminal/wrap.ts'
import { type Command, nameOf, type Option } from './tree/command.ts'
import { generalOptions } from './tree/options.ts'
import { words } from './words/spoken.ts'

/** What `asyncv --help` prints. */
export function generalHelp(tree: readonly Command[]): string {
  const names = [...new Set(tree.map((command) => nameOf(command).split(' ')[0] ?? ''))]
  const groups = words.commands as Record<string, string>
  const rows = names.map((name) => [
    name,
    tree.find((command) => nameOf(command) === name)?.description ?? groups[name] ?? '',
  ])
  return page([
    [words.help.about],
    section(words.help.usage, [[words.help.line, '']]),
    section(words.help.commands, rows),
    optionSection([{ flags: '-v, --version', description: words.options.version }, ...generalOptions(words)]),
    [words.help.exitCodes, words.help.more],
  ])
}

/** What `asyncv tasks --help` prints: a group of commands. */
export function groupHelp(group: string, tree: readonly Command[]): string {
  const below = tree.filter((command) => nameOf(command).startsWith(`${group} `))
  return page([
    [(words.commands as Record<string, string>)[group] ?? ''],
    section(
      words.help.usage,
      below.map(({ usage, description }) => [`asyncv ${usage}`, description]),
    ),
    optionSection(generalOptions(words)),
    [words.help.more],
  ])
}

/** What `asyncv tasks show --help` prints. */
export function commandHelp({ usage, description, options }: Command): string {
  return page([
    [description],
    section(words.help.usage, [[words.help.withOptions(`asyncv ${usage}`), '']]),
    optionSection([...options, ...generalOptions(words)]),
  ])
}

/** `-s, --session SESSION`, with the long forms below each other. */
export function flagsOf({ flags, takes }: Option): string {
  const value = takes === undefined ? '' : ` ${typeof takes === 'string' ? takes : takes.join('|')}`
  return `${flags}${value}`
}

function optionSection(options: readonly Option[]): string[] {
  return section(
    words.help.options,
    options.map((option) => {
      const { takes } = option
      const many = typeof takes === 'object' && takes.length > 3
      // A long list of values would push the whole column to the right.
      const shown = flagsOf(many ? { ...option, takes: 'VALUE' } : option)
      const description = many ? words.help.oneOf(option.description, takes.map(valueSaid)) : option.description
      return [shown.startsWith('--') ? `    ${shown}` : shown, description]
    }),
  )
}

/** A value, with what it means where the language has another word for it. */
function valueSaid(value: string): string {
  return words.help.value(value, (words.states as Record<string, string>)[value] ?? value)
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  const { columns, paint } = screen()
  const width = Math.max(...rows.map(([left = '']) => widthOf(left))) + 2
  const lines = rows.flatMap(([left = '', right = '']) => {
    if (right === '') return [`  ${left}`]
    const [first = '', ...more] = wrap(right, columns === null ? null : columns - width - 2)
    return [`  ${padEnd(left, width)}${first}`, ...more.map((line) => ' '.repeat(width + 2) + line)]
  })
  return [paint.bold(title), ...lines]
}

function page(sections: readonly (readonly string[])[]): string {
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}
