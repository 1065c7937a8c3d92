import type { ApiKey, KeyInput, Scope } from 'asyncv'
import { CommandError } from '../failure.ts'
import { type KeyDesk, openKeyDesk } from '../key-desk.ts'
import { print, printJson, talk } from '../output.ts'
import { cleanLine } from '../terminal/clean.ts'
import { screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import type { Flags } from '../tree.ts'
import { findDatabase } from '../service.ts'
import { words } from '../words/spoken.ts'

/** `asyncv keys create NAME`, `list`, `revoke ID`: who may call the service. */
export async function run(flags: Flags, action?: string, word?: string): Promise<void> {
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
    return (desk) => create(desk, input, flags)
  }
  if (action === 'revoke' && word !== undefined) return (desk) => revoke(desk, word)
  throw new CommandError(action === undefined ? words.keys.what : words.keys.incomplete(action), words.keys.actions, 2)
}

function inputOf(name: string, flags: Flags): KeyInput {
  const { scopes, space, agents, expires } = flags
  return {
    name,
    ...(scopes === undefined ? {} : { scopes: wordsOf(scopes) as Scope[] }),
    ...(space === undefined ? {} : { space: String(space) }),
    ...(agents === undefined ? {} : { agents: wordsOf(agents) }),
    ...(expires === undefined ? {} : { expiresAt: Date.now() + duration(String(expires)) }),
  }
}

function wordsOf(list: string | boolean): string[] {
  return String(list)
    .split(',')
    .map((word) => word.trim())
}

const units: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

function duration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? []
  if (count !== undefined) return Number(count) * (units[unit] ?? 0)
  throw new CommandError(words.keys.expires(JSON.stringify(text)), words.keys.expiresHint, 2)
}

async function create(desk: KeyDesk, input: KeyInput, flags: Flags): Promise<void> {
  const made = await desk.create(input)
  if (flags['json'] === true) return printJson(made)
  // The key alone goes into a pipe.
  talk(words.keys.made(made.id, saysWhat(made)), flags)
  print(made.key)
}

async function list(desk: KeyDesk, json: boolean): Promise<void> {
  const keys = await desk.list()
  if (json) return printJson(keys)
  if (keys.length === 0) return print(words.keys.none)
  const { headings } = words
  print(
    tableOf(
      keys,
      [
        { heading: headings.id, cell: ({ id }) => id },
        { heading: headings.name, cell: ({ name }) => cleanLine(name), flexible: true },
        { heading: headings.state, cell: stateOf },
        {
          heading: words.keys.lastUsed,
          cell: ({ lastUsedAt }) => (lastUsedAt === null ? words.keys.never : minute(lastUsedAt)),
        },
        { heading: words.keys.goodFor, cell: (key) => cleanLine(saysWhat(key)), flexible: true },
      ],
      screen(),
    ),
  )
}

async function revoke(desk: KeyDesk, id: string): Promise<void> {
  const { name } = await desk.revoke(id)
  print(words.keys.revoked(id, name))
}

function stateOf({ revokedAt, expiresAt }: ApiKey): string {
  if (revokedAt !== null) return words.keys.isRevoked
  if (expiresAt === null) return words.keys.isGood
  return expiresAt <= Date.now() ? words.keys.isExpired : words.keys.until(minute(expiresAt))
}

function saysWhat({ scopes, space, agents }: ApiKey): string {
  const reach = words.keys.reach(scopes, space)
  return agents === null ? reach : words.keys.reachWith(reach, agents)
}

function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}
