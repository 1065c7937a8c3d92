import sade from 'sade'
import { CommandError, failWith } from './failure.ts'
import { commandHelp, generalHelp, groupHelp } from './help.ts'
import { checkLanguage, languageOf, takeLanguage } from './language.ts'
import { meant } from './meant.ts'
import { endWithReader } from './output.ts'
import { type Command, type Flags, nameOf, placesOf } from './tree/command.ts'
import { generalOptions } from './tree/options.ts'
import { commandTree } from './tree/tree.ts'
import { forgetConfigs } from './settings/read-config.ts'
import { version } from './version.ts'
import { speak, words } from './words/spoken.ts'

export type { Flags }

/**
 * Finds the command, checks its flags, runs it; what it throws becomes a message and an exit code. May be called again in the
 * same process: each reads files as they stand there then.
 */
export async function runCommand(argv: string[]): Promise<void> {
  try {
    forgetConfigs()
    await speak(languageOf(process.env))
    const { rest, language } = takeLanguage(argv.slice(2))
    if (language === null) checkLanguage(process.env)
    else await speak(language)
    // A service whose reader has left goes on, and so does a bridge.
    if (!['start', 'mcp'].includes(rest[0] ?? '') || asksHelp(rest)) endWithReader()
    await runWords(rest, commandTree(words))
  } catch (error) {
    failWith(error)
  }
}

async function runWords(given: string[], tree: readonly Command[]): Promise<void> {
  const [first] = given
  if (first === undefined || first.startsWith('-')) return withoutCommand(first, tree)
  const command = find(given, tree)
  if (command === null) return inGroup(given, tree)
  const name = nameOf(command)
  const count = name.split(' ').length
  const rest = given.slice(count)
  checkFlags(command, rest)
  if (asksHelp(rest)) return void process.stdout.write(commandHelp(command))
  const { flags, places } = parse(command, rest)
  await (await command.load()).run(flags, ...(places as string[]))
}

function withoutCommand(first: string | undefined, tree: readonly Command[]): void {
  if (first === '--version' || first === '-v') return void process.stdout.write(`asyncv ${version}\n`)
  if (first !== undefined && first !== '--help' && first !== '-h') {
    const known = ['--help', '-h', '--version', '-v', '--lang']
    throw new CommandError(words.usage.noOption('asyncv', first.split('=')[0] ?? first), meant(first, known), 2)
  }
  process.stdout.write(generalHelp(tree))
  if (first === undefined) process.exitCode = 2
}

/** The command that the first words name; null when they name none, or only a group. */
function find(given: readonly string[], tree: readonly Command[]): Command | null {
  const named = (count: number): Command | undefined => {
    const name = given.slice(0, count).join(' ')
    return tree.find((command) => nameOf(command) === name)
  }
  return named(2) ?? named(1) ?? null
}

/** `asyncv tasks`, `asyncv tasks --help`, `asyncv tasks shwo`; or no word of ours at all. */
function inGroup([first = '', second]: readonly string[], tree: readonly Command[]): void {
  const below = tree.map(nameOf).filter((name) => name.startsWith(`${first} `))
  if (below.length === 0) {
    const names = [...new Set(tree.map((command) => nameOf(command).split(' ')[0] ?? ''))]
    throw new CommandError(words.usage.noCommand(first), meant(first, [...names, '--help']), 2)
  }
  if (second === '--help' || second === '-h') return void process.stdout.write(groupHelp(first, tree))
  const actions = below.map((name) => name.slice(first.length + 1))
  throw second === undefined || second.startsWith('-')
    ? new CommandError(words.usage.incomplete(`asyncv ${first}`), words.usage.known(actions), 2)
    : new CommandError(words.usage.noCommand(`${first} ${second}`), meant(second, actions), 2)
}

function asksHelp(rest: readonly string[]): boolean {
  const flags = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest
  return flags.includes('--help') || flags.includes('-h')
}

/** Unknown flags are errors that suggest what was meant. */
function checkFlags(command: Command, rest: readonly string[]): void {
  const known = [...command.options, ...generalOptions(words)].flatMap(({ flags }) => flags.split(', '))
  for (const word of rest) {
    const flag = word.split('=')[0] ?? word
    if (flag === '--') return
    if (flag.startsWith('-') && flag !== '-' && !known.includes(flag)) {
      const isText = placesOf(command).includes('[text]') && /\s/.test(word)
      const hint = isText ? words.usage.behindDashes : meant(flag, known)
      throw new CommandError(words.usage.noOption(`asyncv ${nameOf(command)}`, flag), hint, 2)
    }
  }
}

function parse(command: Command, rest: readonly string[]): { flags: Flags; places: (string | undefined)[] } {
  const name = nameOf(command)
  const options = [...generalOptions(words), ...command.options]
  const wanted = placesOf(command)
  const program = sade('asyncv')
  // Whether all is there is checked below: sade's own word on it knows one language.
  program.command([name, ...wanted.map((place) => `[${place.slice(1, -1)}]`)].join(' ')).action(() => {})
  for (const { flags, description } of options) program.option(flags, description)
  const long = (takes: boolean): string[] =>
    options.filter((option) => (option.takes !== undefined) === takes).map(({ flags }) => flags.replace(/^.*--/, ''))
  const said = withoutLooseSwitches(rest, long(false), options)
  const found = program.parse(['', '', ...name.split(' '), ...said.map(dashHidden)], {
    lazy: true,
    string: long(true),
    boolean: long(false),
  })
  const given = [...(found?.args ?? [])] as unknown[]
  const { _: surplus, ...taken } = given.pop() as Flags & { _: string[] }
  const flags = Object.fromEntries(Object.entries(taken).map(([flag, value]) => [flag, dashShown(value)]))
  const places = given.map(dashShown) as (string | undefined)[]
  checkGiven(command, surplus.map(dashShown), flags, places)
  return { flags, places }
}

/** The parser drops a lone "-", which stands for stdin. No word of a command line can hold what it is told instead. */
const hiddenDash = '\0'

function dashHidden(word: string): string {
  return word === '-' ? hiddenDash : word
}

function dashShown<Value>(value: Value): Value | '-' {
  return value === hiddenDash ? '-' : value
}

/** A switch is written so that the parser cannot take the word behind it for its value. */
function withoutLooseSwitches(rest: readonly string[], switches: string[], options: readonly { flags: string }[]) {
  const end = rest.indexOf('--')
  return rest.map((word, at) => {
    if (end !== -1 && at >= end) return word
    const option = options.find(({ flags }) => flags.split(', ').includes(word))
    const name = option?.flags.replace(/^.*--/, '') ?? ''
    return switches.includes(name) ? `--${name}=true` : word
  })
}

/** Every option that takes a value has one that there is, all places are filled, and no word is left over that nobody would look at. */
function checkGiven(
  command: Command,
  surplus: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  places: readonly (string | undefined)[],
): void {
  const called = `asyncv ${nameOf(command)}`
  const extra = surplus[0]
  if (extra !== undefined) {
    // It stands in the shell's history by now; here it is not to be seen.
    if (command.hidesWords) throw new CommandError(words.secrets.noWord(called), words.secrets.noWordHint, 2)
    const hint = placesOf(command).includes('[text]') ? words.usage.quoteIt(called) : words.usage.seeHelp(called)
    throw new CommandError(words.usage.takesNo(called, extra), hint, 2)
  }
  for (const [name, value] of Object.entries(flags)) {
    const flag = name.length === 1 ? `-${name}` : `--${name}`
    if (value === '') throw new CommandError(words.usage.needsValue(flag), words.usage.seeHelp(called), 2)
    if (Array.isArray(value)) throw new CommandError(words.usage.givenTwice(flag), words.usage.giveOnce, 2)
    const takes = command.options.find((option) => option.flags.endsWith(flag))?.takes
    if (typeof takes === 'object' && typeof value === 'string' && !takes.includes(value)) {
      throw new CommandError(words.usage.notOneOf(flag, value), meant(value, takes), 2)
    }
  }
  for (const [at, place] of placesOf(command).entries()) {
    const given = places[at]
    if (place.startsWith('<') && (given === undefined || given === '')) {
      const what = (words.places as Record<string, string>)[place.slice(1, -1)] ?? place
      throw new CommandError(words.usage.missing(called, what), words.usage.seeHelp(called), 2)
    }
  }
}
