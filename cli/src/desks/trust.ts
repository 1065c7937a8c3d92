import type { TrustChange, TrustedPublisher } from 'asyncv'
import { CommandError } from '../failure.ts'
import { hostUser } from './host-user.ts'
import type { Management } from '../calling/management.ts'
import { openDesk } from './open-desk.ts'
import { beginTrust, changeTrust, trustOf } from '../release/trust-file.ts'
import { words } from '../words/spoken.ts'

/** The trust list of this host: a file beside the database, which no route writes. What is changed in it, the audit log tells. */
export interface TrustDesk {
  publishers(): readonly TrustedPublisher[]
  add(name: string, publicKey: string): Promise<TrustedPublisher>
  /** Null when it was not trusted. */
  remove(name: string): Promise<TrustedPublisher | null>
  /** The name of the runtime here; null while it has none. */
  runtimeId(): Promise<string | null>
  /** Whether the audit log tells of the last change: where neither the database nor its service is reached, it does not. */
  told(): boolean
  close(): Promise<void>
}

/** What the runtime is asked beside the file. */
interface Notes {
  runtimeId(): Promise<string | null>
  changed(change: TrustChange): Promise<void>
  close(): Promise<void>
}

export async function openTrustDesk(database: string): Promise<TrustDesk> {
  const file = trustOf(database)
  if (file === null) throw new CommandError(words.trust.inMemory, words.trust.inMemoryHint, 2)
  const notes = await notesOf(database)
  let told = true
  // The list is what counts; it is changed whether or not that can be written down.
  const changed = async (change: TrustChange): Promise<void> => {
    told = await (notes?.changed(change).then(() => true, isUnreached) ?? false)
  }
  return {
    publishers: () => file.publishers(),
    async add(name, publicKey) {
      // A list begins with the command of this host, whoever is first.
      await beginTrust(database)
      const { replaced, added } = changeTrust(database, (trust) => ({
        replaced: trust.publishers().find((one) => one.name === name)?.fingerprint,
        added: trust.add(name, publicKey, Date.now()),
      }))
      const change = { publisher: name, fingerprint: added.fingerprint }
      await changed(
        replaced === undefined
          ? { action: 'trust.added', ...change }
          : { action: 'trust.replaced', replaced, ...change },
      )
      return added
    },
    async remove(name) {
      const removed = changeTrust(database, (trust) => trust.remove(name))
      if (removed === null) return null
      await changed({ action: 'trust.removed', publisher: name, fingerprint: removed.fingerprint })
      return removed
    },
    runtimeId: async () => (await notes?.runtimeId()) ?? null,
    told: () => told,
    close: async () => notes?.close(),
  }
}

function isUnreached(error: unknown): false {
  if (error instanceof CommandError) return false
  throw error
}

/** Null when there is no database yet, and when who owns it takes no orders. */
async function notesOf(database: string): Promise<Notes | null> {
  const ways = { what: 'asyncv.releases', overHttp, inDatabase: () => inDatabase(database) }
  return openDesk(database, ways).catch((error: unknown) => {
    if (error instanceof CommandError) return null
    throw error
  })
}

async function inDatabase(database: string): Promise<Notes> {
  const [{ openTrustNotes }, { sqlite }] = await Promise.all([import('asyncv'), import('asyncv/sqlite')])
  const notes = await openTrustNotes(sqlite(database))
  return {
    runtimeId: () => notes.runtimeId(),
    changed: (change) => notes.changed(change, hostUser()),
    close: () => notes.close(),
  }
}

function overHttp({ ask }: Management): Notes {
  return {
    runtimeId: async () => (await ask<{ runtime: string }>('GET', '/release')).runtime,
    changed: (change) => ask('POST', '/trust/changes', change),
    async close() {},
  }
}
