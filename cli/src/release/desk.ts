/** A runtime's releases, as its management listener tells them. */
import { readOwner } from '@asyncv/migrations'
import type { Page, Release, ReleaseCheck, ReleaseState, WholeRelease } from 'asyncv'
import type { ReleaseEnvelope } from 'asyncv/schemas'
import { CommandError } from '../failure.ts'
import { type Management, managementAt, managementOf } from '../calling/management.ts'
import { checkKey, checkUrl, findPlace, noService } from '../calling/service.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

export interface ReleaseDesk {
  /** Of this host, running or not: its publisher's key lies beside it. */
  database: string
  /** Where its management listener is, when it is not the runtime of that database. */
  url: string | null
  state(): Promise<ReleaseState>
  check(document: object): Promise<ReleaseCheck>
  /** `current` is the hash that was looked at. */
  apply(
    envelope: ReleaseEnvelope,
    document: object,
    options: { current: string | null; force: boolean },
  ): Promise<WholeRelease>
  list(query: Readonly<Record<string, string | undefined>>): Promise<Page<Release>>
  get(revision: number): Promise<WholeRelease>
  /** What asks it all. */
  management: Management
}

/** Of the runtime that runs here, or of the one whose management listener `--url` names, for which `--key` is a key that may configure. */
export async function openReleaseDesk(flags: Flags): Promise<ReleaseDesk> {
  const { database, env } = await findPlace(process.env)
  const { url } = flags
  if (url === undefined) {
    const owner = await readOwner(database).catch(() => null)
    if (owner === null) throw noService(null)
    return deskOf(managementOf(owner, database, 'asyncv.releases'), database, null)
  }
  const named = new URL(checkUrl(String(url), words.deploy.writeUrl))
  const key = flags['key'] ?? env['ASYNCV_KEY']
  if (typeof key !== 'string') throw new CommandError(words.deploy.noKey, words.deploy.noKeyHint, 2)
  const there = (named.origin + named.pathname).replace(/\/+$/, '')
  return deskOf(managementAt(there, checkKey(key)), database, there)
}

function deskOf(management: Management, database: string, url: string | null): ReleaseDesk {
  const { ask } = management
  return {
    management,
    database,
    url,
    state: () => ask('GET', '/release'),
    check: (document) => ask('POST', '/release/check', { document }),
    apply: (envelope, document, { current, force }) =>
      ask('PUT', `/release${force ? '?force=true' : ''}`, { envelope, document }, ifMatch(current)),
    list(query) {
      const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined)
      return ask('GET', `/releases?${new URLSearchParams(given)}`)
    },
    get: (revision) => ask('GET', `/releases/${revision}`),
  }
}

/** What may be in force when it is applied: nothing but what was looked at. */
function ifMatch(current: string | null): Record<string, string> {
  return current === null ? { 'If-None-Match': '*' } : { 'If-Match': `"${current}"` }
}
