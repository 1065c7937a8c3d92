import type { SecretInfo } from 'asyncv'
import { CommandError } from '../failure.ts'
import { readHidden } from '../terminal/hidden-prompt.ts'
import { print, printJson, talk } from '../output.ts'
import { openSecretDesk, type SecretDesk } from '../desks/secrets.ts'
import { findPlace } from '../calling/service.ts'
import { cleanLine } from '../terminal/clean.ts'
import { screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import { momentFor } from '../terminal/time.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** As the vault takes it. Looked at before the value is asked for. */
const usableName = /^[A-Za-z_][\w.-]{0,127}$/

/** `asyncv secrets set NAME`: a value that a configuration names and nobody sees, from a prompt or a pipe. */
export async function set(flags: Flags, name: string): Promise<void> {
  const { json, origins } = flags
  // It is not said again: somebody may have written NAME=value.
  if (!usableName.test(name)) throw new CommandError(words.secrets.badName, words.secrets.badNameHint, 2)
  const value = await readHidden(words.secrets.prompt(name))
  if (value === '') throw new CommandError(words.secrets.empty, words.secrets.emptyHint(name), 2)
  const bound = origins === undefined ? {} : { origins: origins === 'default' ? null : listed(String(origins)) }
  const info = await atDesk((desk) => desk.set({ name, value, ...bound }), {
    makes: true,
    newKey: flags['new-key'] === true,
  })
  if (json) return printJson(info)
  print(words.secrets.isSet(info.name, info.version, boundTo(info)))
}

/** `asyncv secrets list`: names, versions and fingerprints. */
export async function list(flags: Flags): Promise<void> {
  const secrets = await atDesk((desk) => desk.list())
  if (flags['json']) return printJson(secrets)
  if (secrets.length === 0) return talk(words.secrets.none, flags)
  show(secrets)
}

/** `asyncv secrets show NAME`: the same of one. */
export async function one(flags: Flags, name: string): Promise<void> {
  const info = await atDesk((desk) => desk.get(name))
  if (flags['json']) return printJson(info)
  show([info])
}

function show(secrets: readonly SecretInfo[]): void {
  const { version, at, fingerprint, goesTo, unreadable } = words.secrets
  const on = screen()
  print(
    tableOf(
      secrets,
      [
        { heading: words.headings.name, cell: ({ name }) => cleanLine(name) },
        { heading: version, cell: (secret) => String(secret.version), right: true },
        { heading: at, cell: ({ updatedAt }) => momentFor(updatedAt, on) },
        { heading: fingerprint, cell: (secret) => secret.fingerprint ?? unreadable(secret.keyId), flexible: true },
        { heading: goesTo, cell: boundTo, flexible: true },
      ],
      on,
    ),
  )
}

/** `asyncv secrets remove NAME`. */
export async function remove(flags: Flags, name: string): Promise<void> {
  const info = await atDesk((desk) => desk.remove(name))
  if (flags['json']) return printJson(info)
  print(words.secrets.removed(name))
}

async function atDesk<Answer>(
  ask: (desk: SecretDesk) => Promise<Answer>,
  ways: { makes: boolean; newKey?: boolean } = { makes: false },
): Promise<Answer> {
  const { database, env } = await findPlace(process.env)
  const desk = await openSecretDesk(database, env, ways)
  try {
    return await ask(desk)
  } finally {
    await desk.close()
  }
}

function listed(origins: string): string[] {
  return origins.split(',').map((origin) => origin.trim())
}

function boundTo({ origins }: SecretInfo): string {
  return origins === null ? words.secrets.whereUsed : cleanLine(origins.join(', '))
}
