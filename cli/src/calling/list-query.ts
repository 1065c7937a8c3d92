import { CommandError } from '../failure.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** What `--limit` and `--cursor` ask of a list. */
export function listQuery(flags: Flags): { limit: string | undefined; cursor: string | undefined } {
  const { limit, cursor } = flags
  const count = Number(limit)
  if (limit !== undefined && !(/^\d{1,3}$/.test(String(limit)) && count >= 1 && count <= 500)) {
    throw new CommandError(words.usage.notOneOf('--limit', String(limit)), words.usage.limit, 2)
  }
  return { limit: limit as string | undefined, cursor: cursor as string | undefined }
}
