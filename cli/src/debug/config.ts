import { dirname } from 'node:path'
import { optionDefaults } from 'asyncv'
import { serverConfig } from 'asyncv/schemas'
import { type Environment, readEnvironment, usualDatabase } from '../settings/environment.ts'
import { print, printJson } from '../output.ts'
import { partSettings, type Setting } from '../settings/part-settings.ts'
import { findConfig, readConfig } from '../settings/read-config.ts'
import { keepEventsMs, notReadyMs } from '../settings/settings.ts'
import { cleanLine } from '../terminal/clean.ts'
import { screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** Every setting that `asyncv start` with the same flags here would have, and where it comes from. No value of a secret is in it. */
export async function showConfig(flags: Flags): Promise<void> {
  const settings = await settingsOf(flags, process.env)
  if (flags['json']) return printJson(settings)
  const { debug } = words
  const from = { heading: debug.source, cell: ({ source }: Setting) => cleanLine(source) }
  print(
    tableOf<Setting>(
      settings,
      [
        { heading: debug.setting, cell: ({ name }) => cleanLine(name) },
        { heading: debug.value, cell: ({ value }) => shown(value), flexible: true },
        ...(flags['sources'] === true ? [from] : []),
      ],
      screen(),
    ),
  )
}

function shown(value: unknown): string {
  return cleanLine(typeof value === 'string' ? value : JSON.stringify(value))
}

async function settingsOf(flags: Flags, environment: Environment): Promise<Setting[]> {
  const { debug } = words
  const file = findConfig(flags['config'], environment)
  const directory = file === null ? process.cwd() : dirname(file)
  const env = readEnvironment(directory, environment)
  const config = Object(file === null ? {} : await readConfig(file)) as Record<string, unknown>
  const inFile = debug.byFile(file ?? '')

  /** Flags, then the environment, then `.env`, then the file, then the default. */
  function first(name: string, flag: string, variable: string, written: unknown, byDefault: unknown): Setting {
    if (flags[flag] !== undefined) return { name, value: flags[flag], source: debug.byFlag(`--${flag}`) }
    const value = env[variable]
    if (value !== undefined) {
      const isSet = environment[variable] !== undefined && environment[variable] !== ''
      return { name, value, source: isSet ? debug.byVariable(variable) : debug.byEnvFile(variable) }
    }
    return written === undefined
      ? { name, value: byDefault, source: debug.byDefault }
      : { name, value: written, source: inFile }
  }

  const { providers, connectors, storage, server, ...rest } = config
  const written = Object(server) as Record<string, unknown>
  const port = first('server.port', 'port', 'ASYNCV_PORT', written['port'], 7400)
  const named = [
    first('config', 'config', 'ASYNCV_CONFIG', file ?? undefined, null),
    withoutPassword(first('storage', 'storage', 'ASYNCV_STORAGE', storage, `sqlite:${usualDatabase(env, directory)}`)),
    first('server.host', 'host', 'ASYNCV_HOST', written['host'], '127.0.0.1'),
    port,
    first(
      'server.managementPort',
      'management-port',
      'ASYNCV_MANAGEMENT_PORT',
      written['managementPort'],
      String(port.value) === '0' ? 0 : 7401,
    ),
    first('logLevel', 'log-level', 'ASYNCV_LOG_LEVEL', undefined, 'info'),
  ]
  const given = [
    ...leaves({ ...rest, ...(server === undefined ? {} : { server }) }).map((leaf) => ({ ...leaf, source: inFile })),
    ...(await partSettings({ providers, connectors }, inFile)),
  ]
  const defaults = leaves({
    server: { ...serverConfig.parse({}), notReadyMs },
    ...optionDefaults(),
    events: { keepMs: keepEventsMs },
  }).map((leaf) => ({ ...leaf, source: debug.byDefault }))
  const known = new Map<string, Setting>()
  // What comes first counts.
  for (const setting of [...named, ...given, ...defaults])
    if (!known.has(setting.name)) known.set(setting.name, setting)
  return [...known.values()]
}

/** One of another kind, which does not work, may be an address with a password in it. */
function withoutPassword(setting: Setting): Setting {
  return String(setting.value).startsWith('sqlite:') ? setting : { ...setting, value: words.debug.hidden }
}

/** Values by the way to them, such as `outbox.maxAttempts` and `agents[0].name`; what is no data is told to be none. */
export function leaves(value: unknown, name = ''): { name: string; value: unknown }[] {
  if (Array.isArray(value)) {
    const plain = value.every((item) => typeof item !== 'object')
    if (plain) return [{ name, value: value.map(asData) }]
    return value.flatMap((item, index) => leaves(item, `${name}[${index}]`))
  }
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [{ name, value: asData(value) }]
  // A tool or a plugin, whatever it holds.
  if (Object.values(value).some((item) => typeof item === 'function')) {
    const { name: called } = value as { name?: unknown }
    return [{ name, value: typeof called === 'string' ? `${called} ${words.debug.inCode}` : words.debug.inCode }]
  }
  return Object.entries(value).flatMap(([key, item]) => leaves(item, name === '' ? key : `${name}.${key}`))
}

function asData(value: unknown): unknown {
  return typeof value === 'function' || typeof value === 'symbol' ? words.debug.inCode : value
}
