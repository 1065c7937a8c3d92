import { setImmediate as othersTurn } from 'node:timers/promises'
import { type AuditEntry, type AuditHead, auditActions, type AuditVerdict } from './audit.ts'
import { ChainReader, emptyHead } from './audit-chain.ts'
import type { AuditFilter, AuditStore } from './audit-store.ts'
import { AsyncvError } from './errors.ts'
import type { Page, PageRequest } from './page.ts'

/** What those who manage the runtime did: every action that was carried out, in one chain. */
export interface Audit {
  /** Newest first. Rejects with `input_invalid` when no action has the name that is asked for. */
  list(filter?: AuditFilter & PageRequest): Promise<Page<AuditEntry>>
  /**
   * Reads the whole log and says whether it is what was written; a fault is a verdict and no error. Who has write access
   * to the whole database can write a whole log anew, or end it earlier: give a `head` that was noted elsewhere, and that
   * is found as well.
   */
  verify(options?: { head?: AuditHead }): Promise<AuditVerdict>
}

export class AuditLog implements Audit {
  readonly #store: () => AuditStore

  /** `store` throws `not_running` while there is none. */
  constructor(store: () => AuditStore) {
    this.#store = store
  }

  async list(filter: AuditFilter & PageRequest = {}): Promise<Page<AuditEntry>> {
    const { action } = filter
    if (action !== undefined && !auditActions.some((known) => known === action)) {
      throw new AsyncvError('input_invalid', `There is no action ${JSON.stringify(action)}.`, {
        hint: `Known: ${auditActions.join(', ')}.`,
      })
    }
    return this.#store().audit(filter)
  }

  async verify({ head }: { head?: AuditHead } = {}): Promise<AuditVerdict> {
    if (head !== undefined) checkHead(head)
    const store = this.#store()
    const reader = new ChainReader(head ?? null)
    for (let noted = await store.auditHead(); ; ) {
      for (let entries = await next(); entries.length > 0; entries = await next()) {
        for (const entry of entries) {
          const broken = reader.take(entry)
          if (broken !== null) return broken
        }
        // A database in this process answers without letting the event loop go round, and the log may be long.
        await othersTurn()
      }
      // Something may have been appended since it was read; then there is more to read.
      const now = await store.auditHead()
      if (now?.n === noted?.n) return reader.end(now)
      noted = now
    }

    function next(): Promise<AuditEntry[]> {
      return store.auditAfter(reader.head.n === 0 ? null : reader.head.n)
    }
  }
}

function checkHead({ n, hash }: AuditHead): void {
  const real = n === 0 ? hash === emptyHead.hash : /^[0-9a-f]{64}$/.test(hash)
  if (Number.isSafeInteger(n) && n >= 0 && real) return
  throw new AsyncvError('input_invalid', `The head ${JSON.stringify({ n, hash })} is none of an audit log.`, {
    hint: 'Give the number of the last entry and its hash, 64 hexadecimal digits, as verify() gave them.',
  })
}
