import { flagsOf } from './help.ts'
import type { Command, Option } from './tree/command.ts'
import { generalOptions } from './tree/options.ts'
import { commandTree } from './tree/tree.ts'
import { words } from './words/spoken.ts'

/** `docs/cli.md`, from the tree of commands. */
export function reference(): string {
  const { reference: page } = words
  const exits = Object.entries(page.exit).map(([code, meaning]) => `| ${code} | ${meaning} |`)
  return `${[
    `# ${page.title}`,
    page.note,
    page.about,
    `## ${page.serviceTitle}`,
    page.service,
    `## ${page.languageTitle}`,
    page.language,
    `## ${page.exitTitle}`,
    [`| ${page.code} | ${page.meaning} |`, '| --- | --- |', ...exits].join('\n'),
    `## ${words.help.commands}`,
    `${page.everywhere}:`,
    optionRows(generalOptions(words)),
    ...commandTree(words).flatMap(section),
  ].join('\n\n')}\n`
}

function section({ usage, description, options }: Command): string[] {
  return [`### \`asyncv ${usage}\``, `${description}.`, ...(options.length === 0 ? [] : [optionRows(options)])]
}

function optionRows(options: readonly Option[]): string {
  const rows = options.map((option) => {
    const { takes } = option
    const shown = flagsOf(typeof takes === 'object' ? { ...option, takes: 'VALUE' } : option)
    const values = typeof takes === 'object' ? `: ${takes.map((value) => `\`${value}\``).join(', ')}` : ''
    return `| \`${shown}\` | ${(option.description + values).replaceAll('|', '\\|')} |`
  })
  return [`| ${words.reference.option} | ${words.reference.meaning} |`, '| --- | --- |', ...rows].join('\n')
}
