import type { OwnerDetails } from '@asyncv/migrations'
import { CommandError } from '../failure.ts'
import { readRecord } from '../process/service-record.ts'
import { words } from '../words/spoken.ts'

/** What to say of a service that has the database and is held up on its way; null of one that has started, and of any other program. */
export function stillStarting(owner: OwnerDetails, database: string): CommandError | null {
  if (owner.management !== undefined || readRecord(database)?.pid !== owner.pid) return null
  return new CommandError(words.management.starting(owner.pid), words.management.startingHint, 1)
}
