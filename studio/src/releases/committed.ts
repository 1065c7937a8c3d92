import type { Trx } from '../database/open.ts'
import type { StudioEvent } from '../events.ts'
import type { ReleasePorts } from './ports.ts'

/** One transaction; what it tells is told once it is committed, and what it made due is begun. */
export async function committed<Result>(
  { db, events, wake }: Pick<ReleasePorts, 'db' | 'events' | 'wake'>,
  work: (trx: Trx, tell: (event: StudioEvent) => void) => Promise<Result>,
): Promise<Result> {
  const told: StudioEvent[] = []
  const result = await db.transaction().execute((trx) => work(trx, (event) => told.push(event)))
  for (const event of told) events.emit(event)
  wake()
  return result
}
