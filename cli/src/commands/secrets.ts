import type { SecretInfo } from 'asyncv'
import { CommandError } from '../failure.ts'
import { readHidden } from '../hidden-prompt.ts'
import { endWithReader } from '../output.ts'
import type { Flags } from '../program.ts'
import { openSecretDesk, type SecretDesk } from '../secret-desk.ts'
import { findPlace } from '../service.ts'

/** `asyncv secrets set NAME`, `list`, `remove NAME`: values that a configuration names and nobody sees. */
export async function run(flags: Flags, action?: string, name?: string): Promise<void> {
  endWithReader()
  const command = await commandFor(flags, action, name)
  const { database, env } = await findPlace(process.env)
  const desk = await openSecretDesk(database, env)
  try {
    await command(desk)
  } finally {
    await desk.close()
  }
}

/** Everything is checked, and the value is there, before anything is opened. */
async function commandFor(flags: Flags, action?: string, name?: string): Promise<(desk: SecretDesk) => Promise<void>> {
  const { json, origins } = flags
  if (origins !== undefined && action !== 'set') {
    throw new CommandError('Only "asyncv secrets set" takes --origins.', 'Leave it out.', 2)
  }
  if (action === 'list' && name === undefined) return (desk) => list(desk, json === true)
  if (action === 'remove' && name !== undefined) return (desk) => remove(desk, name, json === true)
  if (action === 'set' && name !== undefined) {
    const value = await readHidden(`Value of ${name} (hidden): `)
    if (value === '') throw new CommandError('The value is empty; nothing was set.', wayIn(name), 2)
    const bound = origins === undefined ? {} : { origins: origins === 'default' ? null : words(String(origins)) }
    return (desk) => set(desk, { name, value, ...bound }, json === true)
  }
  throw new CommandError(
    action === undefined ? 'What about the secrets?' : `"asyncv secrets ${action}" is not complete, or no command.`,
    'Give "set NAME", "list" or "remove NAME". The value comes from a prompt or a pipe.',
    2,
  )
}

function wayIn(name: string): string {
  return `Type it at the prompt, or pipe it: asyncv secrets set ${name} < file`
}

function words(list: string): string[] {
  return list.split(',').map((word) => word.trim())
}

async function set(desk: SecretDesk, secret: Parameters<SecretDesk['set']>[0], json: boolean): Promise<void> {
  const info = await desk.set(secret)
  if (json) return print(JSON.stringify(info, null, 2))
  print(`Secret ${info.name} is set: version ${info.version}, ${boundTo(info)}.`)
}

async function remove(desk: SecretDesk, name: string, json: boolean): Promise<void> {
  const info = await desk.remove(name)
  print(json ? JSON.stringify(info, null, 2) : `Secret ${name} is removed.`)
}

async function list(desk: SecretDesk, json: boolean): Promise<void> {
  const secrets = await desk.list()
  if (json) return print(JSON.stringify(secrets, null, 2))
  if (secrets.length === 0) return print('The vault is empty; secrets are taken from the environment.')
  const rows = [['NAME', 'VERSION', 'SET', 'FINGERPRINT', 'FOR'], ...secrets.map(rowOf)]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const line = (row: string[]): string =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd()
  print(rows.map(line).join('\n'))
}

function rowOf(info: SecretInfo): string[] {
  const { name, version, fingerprint, keyId, updatedAt } = info
  const set = new Date(updatedAt).toISOString().slice(0, 16).replace('T', ' ')
  return [name, String(version), set, fingerprint ?? `not readable (master key ${keyId})`, boundTo(info)]
}

function boundTo({ origins }: SecretInfo): string {
  return origins === null ? 'where the configuration uses it' : origins.join(', ')
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
