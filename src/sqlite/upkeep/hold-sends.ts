import type { SqliteConnection } from '@asyncv/migrations'
import type { Actor } from '../../audit.ts'
import { emptyHead, entryAfter, stateHash } from '../../audit-chain.ts'
import type { ErrorRecord } from '../../errors.ts'
import { emptyBody } from '../../kysely/deliveries.ts'
import { headOf } from './audit-rows.ts'
import { hasTable } from './tables.ts'

/**
 * What was on its way out when a backup was made may have been sent since, and the copy cannot know: it counts as uncertain,
 * and waits for somebody to decide. Not the edits, which are harmless to repeat, and not the placeholders of tasks that go
 * on. Gives how many there are.
 */
export function holdSends(connection: SqliteConnection, madeAt: number, at: number): number {
  if (!hasTable(connection, 'delivery')) return 0
  const error: ErrorRecord = {
    code: 'connector_failed',
    message: `This comes from a backup of ${new Date(madeAt).toISOString()}: whether it was sent since, nobody knows.`,
  }
  return connection
    .prepare(
      `update delivery
       set state = 'held', uncertain_count = uncertain_count + 1, next_at = null, settled_at = ?, error = ?
       where state in ('pending', 'sending', 'retrying', 'uncertain') and target is null and body <> ?`,
    )
    .run([at, JSON.stringify(error), emptyBody]).changes
}

interface Restoring {
  at: number
  by: Actor
  madeAt: number
  held: number
}

/** Writes it into the audit log, behind what the backup has of it. Where that was changed, the note of its end stays. */
export function noteRestore(connection: SqliteConnection, { at, by, madeAt, held }: Restoring): void {
  if (!hasTable(connection, 'audit')) return
  const [row] = connection.prepare('select n, hash from audit order by n desc limit 1').all([])
  const last = row === undefined ? emptyHead : { n: Number(row['n']), hash: String(row['hash']) }
  const noted = headOf(connection) ?? emptyHead
  const entry = entryAfter(noted.n > last.n ? noted : last, {
    at,
    actor: by,
    action: 'database.restored',
    target: new Date(madeAt).toISOString(),
    beforeHash: null,
    afterHash: stateHash({ madeAt, held }),
  })
  const { actor } = entry
  connection
    .prepare('insert into audit values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    .run([
      entry.n,
      entry.at,
      actor.id,
      actor.name,
      entry.action,
      entry.target,
      entry.beforeHash,
      entry.afterHash,
      entry.prevHash,
      entry.hash,
    ])
  connection
    .prepare('update audit_head set n = ?, hash = ? where id = 1 and n = ? and hash = ?')
    .run([entry.n, entry.hash, last.n, last.hash])
}
