/** Refused releases in the audit log: who may publish nothing shall not fill the disk with that either. */
import type { Actor } from '../audit.ts'
import type { AuditStore } from '../audit-store.ts'
import type { ReleaseEnvelope } from '../schemas/release.ts'

/** Entries within `withinMs` for who sent what was refused for one reason. */
const most = 10
const withinMs = 60 * 60_000
/** Those that are remembered: actors are keys, and publishers that are trusted, of which there are few. */
const mostKinds = 1_000

interface Kind {
  since: number
  entries: number
  /** Refused since the last entry, and not written down. */
  unwritten: number
}

export class RefusedReleases {
  readonly #kinds = new Map<string, Kind>()

  /** Writes it down, or counts it for the next entry of its kind. */
  async writeDown(
    { hash, publisher, sequence }: ReleaseEnvelope,
    code: string,
    by: Actor,
    at: number,
    store: Pick<AuditStore, 'writeDown'>,
  ): Promise<void> {
    const kind = this.#kind(by, code, publisher, at)
    if (kind.entries >= most) {
      kind.unwritten++
      return
    }
    kind.entries++
    const { unwritten } = kind
    kind.unwritten = 0
    const after = { code, hash, publisher, sequence, ...(unwritten === 0 ? {} : { unwritten }) }
    await store.writeDown({ at, by, action: 'release.refused', target: publisher, before: null, after })
  }

  /** Anybody can claim any name; only that of one who is trusted tells kinds apart. */
  #kind(by: Actor, code: string, publisher: string, at: number): Kind {
    const key = JSON.stringify([by.id, code, code === 'release_untrusted' ? null : publisher])
    const known = this.#kinds.get(key)
    if (known !== undefined && at - known.since < withinMs) return known
    const kind = { since: at, entries: 0, unwritten: known?.unwritten ?? 0 }
    this.#kinds.delete(key)
    this.#kinds.set(key, kind)
    const [oldest] = this.#kinds.keys()
    if (this.#kinds.size > mostKinds && oldest !== undefined) this.#kinds.delete(oldest)
    return kind
  }
}
