/**
 * The chain of the audit log. Each entry's hash covers everything in it and the hash of the entry before, so whoever
 * changes, removes, moves or puts in one has to write all later ones anew. Nothing here is secret: who can write to the
 * whole database, and takes that trouble, leaves a log that is whole. Only a head that was noted elsewhere tells it from
 * the first one.
 */
import type { Actor, AuditEntry, AuditFault, AuditHead, AuditVerdict } from './audit.ts'
import { sha256 } from './internal/secret.ts'

/** Where an empty log ends. */
export const emptyHead: AuditHead = { n: 0, hash: '0'.repeat(64) }

export type AuditNote = Pick<AuditEntry, 'at' | 'actor' | 'action' | 'target' | 'beforeHash' | 'afterHash'>

/** The entry that follows `head`. */
export function entryAfter(head: AuditHead, note: AuditNote): AuditEntry {
  const entry = { ...note, actor: cleaned(note.actor), n: head.n + 1, prevHash: head.hash }
  return { ...entry, hash: hashOf(entry) }
}

/**
 * A list of everything, as JSON: no two entries are written the same way. It begins with a version, so that what is
 * hashed can grow.
 */
export function hashOf({ n, at, actor, action, target, ...hashes }: Omit<AuditEntry, 'hash'>): string {
  const { beforeHash, afterHash, prevHash } = hashes
  return sha256(JSON.stringify([1, n, at, actor.id, actor.name, action, target, beforeHash, afterHash, prevHash]))
}

/** The hash of what something is: a flat record, as JSON with its keys in order. */
export function stateHash(record: Readonly<Record<string, unknown>>): string {
  return sha256(JSON.stringify(record, Object.keys(record).sort()))
}

/** One line of text that every database gives back as it was, and every terminal shows. */
function cleaned({ id, name }: Actor): Actor {
  const line = (text: string): string =>
    text
      .slice(0, 200)
      .toWellFormed()
      .replace(/\p{Cc}/gu, ' ')
  return { id: line(id), name: name === null ? null : line(name) }
}

/** Reads a log from its first entry to its last, and says where it is broken. */
export class ChainReader {
  readonly #expected: AuditHead | null
  #head = emptyHead

  /** `expected` is a head that was noted earlier, elsewhere. */
  constructor(expected: AuditHead | null) {
    this.#expected = expected
  }

  /** The last entry that was good. */
  get head(): AuditHead {
    return this.#head
  }

  /** Looks at the next entry, by its number. Gives what is wrong with it, and with that the verdict. */
  take(entry: AuditEntry): AuditVerdict | null {
    const { n, hash } = this.#head
    const next = n + 1
    if (entry.n > next) return this.#broken('missing', next, `${entriesFrom(next, entry.n - 1)} gone.`)
    if (entry.n < next) return this.#broken('unlinked', entry.n, `Entry ${entry.n} is before the first.`)
    if (entry.prevHash !== hash) {
      const before = n === 0 ? 'is not the first that was written' : `does not follow entry ${n}`
      return this.#broken(
        'unlinked',
        next,
        `Entry ${next} ${before}: one of the two was moved, put in or written anew.`,
      )
    }
    if (entry.hash !== hashOf(entry)) return this.#broken('edited', next, `Entry ${next} is not what was written.`)
    const expected = this.#expected
    if (expected?.n === next && expected.hash !== entry.hash) {
      return this.#broken('rewritten', next, `Entry ${next} is another one than was noted: the log was written anew.`)
    }
    this.#head = { n: next, hash: entry.hash }
    return null
  }

  /** There are no more entries; `noted` is where the database says that the log ends, null when it does not say. */
  end(noted: AuditHead | null): AuditVerdict {
    const { n, hash } = this.#head
    const last = Math.max(noted?.n ?? 0, this.#expected?.n ?? 0)
    if (last > n) return this.#broken('cut', n + 1, `${entriesFrom(n + 1, last)} gone from the end.`)
    if (noted === null) return this.#broken('head', n, 'The note of where the log ends is gone.')
    if (noted.n < n) {
      return this.#broken('appended', noted.n + 1, `${entriesFrom(noted.n + 1, n)} not written by asyncv.`)
    }
    if (noted.hash !== hash) return this.#broken('head', n, 'The note of where the log ends names another entry.')
    return { whole: true, entries: n, head: this.#head, fault: null }
  }

  #broken(kind: AuditFault['kind'], n: number, detail: string): AuditVerdict {
    return { whole: false, entries: this.#head.n, head: this.#head, fault: { kind, n, detail } }
  }
}

function entriesFrom(first: number, last: number): string {
  return first === last ? `Entry ${first} is` : `Entries ${first} to ${last} are`
}
