import { existsSync } from 'node:fs'
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
  /** Whether it is worth a database where there is none; whoever only looks makes none. */
  makes?: boolean
}

/** How long another command may have the database, and a service that starts no listener yet. ms. */
const patienceMs = 5_000
const lookEveryMs = 50

/**
 * Waits for other commands that use the database at the same time. Throws where nothing would be kept, in memory, and where
 * there is no database that could be looked at.
 */
export async function openDesk<Desk>(
  database: string,
  { what, overHttp, inDatabase, makes = false }: DeskWays<Desk>,
): Promise<Desk> {
  if (database === ':memory:') throw new CommandError(words.management.inMemory, words.management.inMemoryHint, 2)
  const until = performance.now() + patienceMs
  for (;;) {
    const isLast = performance.now() >= until
    const owner = await readOwner(database).catch(() => null)
    if (owner !== null && (owner.management !== undefined || isLast)) {
      return overHttp(managementOf(owner, database, what))
    }
    if (owner === null) {
      if (!makes && !existsSync(database)) {
        throw new CommandError(words.management.noneHere(database), words.management.noneHereHint, 1)
      }
      try {
        return await inDatabase()
      } catch (error) {
        if (isLast || (error as { code?: unknown }).code !== 'storage_in_use') throw error
      }
    }
    await sleep(lookEveryMs)
  }
}
