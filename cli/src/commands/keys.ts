import type { ApiKey, KeyInput, Scope } from 'asyncv'
import { CommandError } from '../failure.ts'
import { type KeyDesk, openKeyDesk } from '../desks/keys.ts'
import { print, printJson, talk } from '../output.ts'
import { cleanLine } from '../terminal/clean.ts'
import { type Screen, screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import { momentFor } from '../terminal/time.ts'
import type { Flags } from '../tree/command.ts'
import { findDatabase } from '../calling/service.ts'
import { words } from '../words/spoken.ts'

/** `asyncv keys create NAME`: a key for a caller, which is shown once. */
export async function create(flags: Flags, name: string): Promise<void> {
  // Everything is checked before anything is opened.
  const input = inputOf(name, flags)
  const made = await atDesk((desk) => desk.create(input), { makes: true })
  if (flags['json'] === true) return printJson(made)
  // The key alone goes into a pipe.
  talk(words.keys.made(made.id, cleanLine(saysWhat(made))), flags)
  print(made.key)
}

/** `asyncv keys list`: who may call the service. */
export async function list(flags: Flags): Promise<void> {
  const keys = await atDesk((desk) => desk.list())
  if (flags['json'] === true) return printJson(keys)
  if (keys.length === 0) return talk(words.keys.none, flags)
  const { headings } = words
  const on = screen()
  print(
    tableOf(
      keys,
      [
        { heading: headings.id, cell: ({ id }) => id },
        { heading: headings.name, cell: ({ name }) => name, flexible: true },
        { heading: headings.state, cell: (key) => stateOf(key, on) },
        {
          heading: words.keys.lastUsed,
          cell: ({ lastUsedAt }) => (lastUsedAt === null ? words.keys.never : momentFor(lastUsedAt, on)),
        },
        { heading: words.keys.goodFor, cell: saysWhat, flexible: true },
      ],
      on,
    ),
  )
}

/** `asyncv keys revoke ID`. */
export async function revoke(flags: Flags, id: string): Promise<void> {
  const revoked = await atDesk((desk) => desk.revoke(id))
  if (flags['json'] === true) return printJson(revoked)
  print(words.keys.revoked(id, cleanLine(revoked.name)))
}

async function atDesk<Answer>(ask: (desk: KeyDesk) => Promise<Answer>, { makes } = { makes: false }): Promise<Answer> {
  const desk = await openKeyDesk(await findDatabase(process.env), { makes })
  try {
    return await ask(desk)
  } finally {
    await desk.close()
  }
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
  const [, count, unit = ''] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? []
  if (count !== undefined) return Number(count) * (units[unit] ?? 0)
  throw new CommandError(words.keys.expires(JSON.stringify(text)), words.keys.expiresHint, 2)
}

function stateOf({ revokedAt, expiresAt }: ApiKey, on: Screen): string {
  if (revokedAt !== null) return words.keys.isRevoked
  if (expiresAt === null) return words.keys.isGood
  return expiresAt <= Date.now() ? words.keys.isExpired : words.keys.until(momentFor(expiresAt, on))
}

function saysWhat({ scopes, space, agents }: ApiKey): string {
  const reach = words.keys.reach(scopes, space)
  return agents === null ? reach : words.keys.reachWith(reach, agents)
}
