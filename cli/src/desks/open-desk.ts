import { setTimeout as sleep } from 'node:timers/promises'
import { readOwner } from '@asyncv/migrations'
import { CommandError } from '../failure.ts'
import { type Management, managementOf } from '../calling/management.ts'
import { words } from '../words/spoken.ts'

/** Where something is managed: in the database, or, while a service has it, by that service. */
export interface DeskWays<Desk> {
  /** What a program that embeds asyncv has in the command's place. */
  what: string
  overHttp(management: Management): Desk
  /** Opens the database. */
  inDatabase(): Promise<Desk>
}

/** How long another command may have the database, and a service that starts no listener yet. ms. */
const patienceMs = 5_000
const lookEveryMs = 50

/** Waits for other commands that use the database at the same time. Throws where nothing would be kept: in memory. */
export async function openDesk<Desk>(database: string, { what, overHttp, inDatabase }: DeskWays<Desk>): Promise<Desk> {
  if (database === ':memory:') throw new CommandError(words.management.inMemory, words.management.inMemoryHint, 2)
  const until = performance.now() + patienceMs
  for (;;) {
    const isLast = performance.now() >= until
    const owner = await readOwner(database).catch(() => null)
    if (owner !== null && (owner.management !== undefined || isLast)) {
      return overHttp(managementOf(owner, database, what))
    }
    if (owner === null) {
      try {
        return await inDatabase()
      } catch (error) {
        if (isLast || (error as { code?: unknown }).code !== 'storage_in_use') throw error
      }
    }
    await sleep(lookEveryMs)
  }
}
