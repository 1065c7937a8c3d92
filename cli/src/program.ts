import { distance } from 'fastest-levenshtein'
import sade from 'sade'
import { CommandError, failWith } from './failure.ts'
import { version } from './version.ts'

interface Command {
  usage: string
  description: string
  options: readonly (readonly [flags: string, description: string])[]
  load(): Promise<{ run(flags: Flags, ...words: string[]): Promise<void> }>
}

/** What was given on the command line, by the long name of each option. */
export type Flags = Readonly<Record<string, string | boolean | undefined>>

const url = ['-u, --url', 'The service to talk to (default: the one that runs here)'] as const
const key = ['-k, --key', 'Key to identify with (default: ASYNCV_KEY, or the operator key of this host)'] as const
const json = ['--json', 'Print JSON'] as const

const commands: readonly Command[] = [
  {
    usage: 'start',
    description: 'Run the service',
    options: [
      ['-c, --config', 'Configuration file (default: asyncv.config.{ts,mjs,js,json} here, if there is one)'],
      ['--host', 'Address to listen on (default 127.0.0.1)'],
      ['-p, --port', 'Port to listen on (default 7400)'],
      ['--management-port', 'Port on loopback for those who manage it (default 7401)'],
      ['--storage', 'Database, such as sqlite:./asyncv.db'],
      ['--log-level', 'debug, info, warn or error (default info)'],
      ['-w, --watch', 'Start anew when a file beside the configuration changes, for development'],
    ],
    load: () => import('./commands/start.ts'),
  },
  {
    usage: 'chat',
    description: 'Talk to an agent',
    options: [
      ['-a, --agent', 'Which agent (default: the first of the configuration)'],
      ['-s, --session', 'Which conversation (default: a new one)'],
      url,
      key,
    ],
    load: () => import('./commands/chat.ts'),
  },
  {
    usage: 'status',
    description: 'Say how the service is doing',
    options: [url, key, json],
    load: () => import('./commands/status.ts'),
  },
  {
    usage: 'keys [action] [name]',
    description: 'Say who may call the service: create NAME, list, revoke ID',
    options: [
      ['--scopes', 'What a new key is good for: invoke, read, operate, configure (default invoke,read)'],
      ['--space', 'Whom it can meet: callers of one space see nothing of another (default: default)'],
      ['--agents', 'The agents it may use and see (default: all)'],
      ['--expires', 'When it ends, such as 12h or 30d (default: never)'],
      json,
    ],
    load: () => import('./commands/keys.ts'),
  },
  {
    usage: 'secrets [action] [name]',
    description: 'Keep secrets that a configuration names: set NAME (by a prompt or a pipe), list, remove NAME',
    options: [
      ['--origins', 'The only origins it may be sent to, such as https://api.openai.com; "default" unbinds it'],
      json,
    ],
    load: () => import('./commands/secrets.ts'),
  },
  {
    usage: 'mcp',
    description: 'Serve an MCP host on stdin and stdout: as a bridge to the service that runs here, or by itself',
    options: [url, key],
    load: () => import('./commands/mcp.ts'),
  },
  {
    usage: 'debug [what]',
    description: 'Look inside: crashpoints',
    options: [json],
    load: () => import('./commands/debug.ts'),
  },
]

/** Long names of the options that take a value: all but the switches. */
const valued = commands
  .flatMap(({ options }) => options.map(([flags]) => flags.replace(/^.*--/, '')))
  .filter((name) => name !== 'json' && name !== 'watch')

/** Finds the command, checks its flags, runs it; what it throws becomes a message and an exit code. */
export async function runCommand(argv: string[]): Promise<void> {
  const program = sade('asyncv').version(version)
  for (const { usage, description, options, load } of commands) {
    program.command(usage).describe(description)
    for (const [flags, text] of options) program.option(flags, text)
    program.action(async (...given: unknown[]) => {
      const { _: surplus, ...flags } = given.pop() as Flags & { _: string[] }
      checkValues(usage, surplus, flags)
      await (await load()).run(flags, ...(given as string[]))
    })
  }
  try {
    const words = argv.slice(2)
    checkWords(words)
    if (words.length === 0) {
      program.help()
      process.exitCode = 2
      return
    }
    const found = program.parse(argv, { lazy: true, string: valued })
    // Without one sade has printed help or a version.
    if (found !== undefined) await found.handler(...found.args)
  } catch (error) {
    failWith(error)
  }
}

/** Unknown commands and flags are errors that suggest what was meant. */
function checkWords(words: string[]): void {
  const [first] = words
  if (first === undefined) return
  const general = ['--help', '-h', '--version', '-v']
  const names = commands.map(nameOf)
  if (first.startsWith('-')) {
    if (general.includes(first)) return
    throw new CommandError(`"asyncv" has no option "${first}".`, meant(first, general), 2)
  }
  const command = commands.find((one) => nameOf(one) === first)
  if (command === undefined) {
    throw new CommandError(`There is no command "${first}".`, meant(first, [...names, '--help']), 2)
  }
  const known = ['--help', '-h', ...command.options.flatMap(([flags]) => flags.split(', '))]
  for (const word of words.slice(1)) {
    const flag = word.split('=')[0] ?? word
    if (flag === '--') return
    if (flag.startsWith('-') && flag !== '-' && !known.includes(flag)) {
      throw new CommandError(`"asyncv ${first}" has no option "${flag}".`, meant(flag, known), 2)
    }
  }
}

/** Every option that takes a value has one, and no word is left over that nobody would look at. */
function checkValues(usage: string, surplus: string[], flags: Readonly<Record<string, unknown>>): void {
  const command = `asyncv ${usage.split(' ')[0]}`
  if (surplus.length > 0) {
    if (command === 'asyncv secrets') {
      // It may be the value, which is not to be seen; it stands in the shell's history by now.
      throw new CommandError('"asyncv secrets" takes no value as a word.', 'Type it at the prompt, or pipe it in.', 2)
    }
    throw new CommandError(`"${command}" takes no "${surplus[0]}".`, `See "${command} --help".`, 2)
  }
  for (const [name, value] of Object.entries(flags)) {
    const flag = name.length === 1 ? `-${name}` : `--${name}`
    if (value === '') throw new CommandError(`${flag} needs a value.`, `See "${command} --help".`, 2)
    if (Array.isArray(value)) throw new CommandError(`${flag} is given twice.`, 'Give it once.', 2)
  }
}

function nameOf({ usage }: Command): string {
  return usage.split(' ')[0] ?? usage
}

function meant(given: string, known: readonly string[]): string {
  const away = (word: string): number => distance(given, word) + Math.abs(word.length - given.length) / 100
  const close = known.toSorted((a, b) => away(a) - away(b))[0] ?? ''
  return distance(given, close) <= 2 ? `Did you mean "${close}"?` : `Known: ${known.join(', ')}.`
}
