import type { ApiKey, KeyInput, Scope } from 'asyncv'
import { CommandError } from '../failure.ts'
import { type KeyDesk, openKeyDesk } from '../key-desk.ts'
import { endWithReader } from '../output.ts'
import type { Flags } from '../tree.ts'
import { findDatabase } from '../service.ts'

/** `asyncv keys create NAME`, `list`, `revoke ID`: who may call the service. */
export async function run(flags: Flags, action?: string, word?: string): Promise<void> {
  endWithReader()
  const command = commandFor(flags, action, word)
  const desk = await openKeyDesk(await findDatabase(process.env))
  try {
    await command(desk)
  } finally {
    await desk.close()
  }
}

/** Everything is checked before anything is opened. */
function commandFor(flags: Flags, action?: string, word?: string): (desk: KeyDesk) => Promise<void> {
  if (action === 'list' && word === undefined) return (desk) => list(desk, flags['json'] === true)
  if (action === 'create' && word !== undefined) {
    const input = inputOf(word, flags)
    return (desk) => create(desk, input, flags['json'] === true)
  }
  if (action === 'revoke' && word !== undefined) return (desk) => revoke(desk, word)
  throw new CommandError(
    action === undefined ? 'What about the keys?' : `"asyncv keys ${action}" is not complete, or no command.`,
    'Give "create NAME", "list" or "revoke ID".',
    2,
  )
}

function inputOf(name: string, flags: Flags): KeyInput {
  const { scopes, space, agents, expires } = flags
  return {
    name,
    ...(scopes === undefined ? {} : { scopes: words(scopes) as Scope[] }),
    ...(space === undefined ? {} : { space: String(space) }),
    ...(agents === undefined ? {} : { agents: words(agents) }),
    ...(expires === undefined ? {} : { expiresAt: Date.now() + duration(String(expires)) }),
  }
}

function words(list: string | boolean): string[] {
  return String(list)
    .split(',')
    .map((word) => word.trim())
}

const units: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

function duration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? []
  if (count !== undefined) return Number(count) * (units[unit] ?? 0)
  throw new CommandError(
    `--expires is ${JSON.stringify(text)}.`,
    'Give minutes, hours or days, such as 90m, 12h, 30d.',
    2,
  )
}

async function create(desk: KeyDesk, input: KeyInput, json: boolean): Promise<void> {
  const made = await desk.create(input)
  if (json) return print(JSON.stringify(made, null, 2))
  // The key alone goes into a pipe.
  process.stderr.write(`Key ${made.id}, ${saysWhat(made)}. It is shown this once:\n`)
  print(made.key)
}

async function list(desk: KeyDesk, json: boolean): Promise<void> {
  const keys = await desk.list()
  if (json) return print(JSON.stringify(keys, null, 2))
  if (keys.length === 0) return print('There are no keys: whoever is on this machine may invoke and read.')
  const rows = [['ID', 'NAME', 'STATE', 'LAST USED', 'GOOD FOR'], ...keys.map(rowOf)]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  print(
    rows
      .map((row) =>
        row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd(),
      )
      .join('\n'),
  )
}

async function revoke(desk: KeyDesk, id: string): Promise<void> {
  const { name } = await desk.revoke(id)
  print(`Key ${id} (${name}) is revoked.`)
}

function rowOf(key: ApiKey): string[] {
  return [key.id, key.name, stateOf(key), key.lastUsedAt === null ? 'never' : minute(key.lastUsedAt), saysWhat(key)]
}

function stateOf({ revokedAt, expiresAt }: ApiKey): string {
  if (revokedAt !== null) return 'revoked'
  if (expiresAt === null) return 'good'
  return expiresAt <= Date.now() ? 'expired' : `until ${minute(expiresAt)}`
}

function saysWhat({ scopes, space, agents }: ApiKey): string {
  const whom = agents === null ? '' : ` with ${agents.join(', ')}`
  return `${scopes.join(', ')} in ${space}${whom}`
}

function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
