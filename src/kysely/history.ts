import type { NotNull } from 'kysely'
import type { Turn } from '../task.ts'
import { type Database, read } from './database.ts'
import { fixed, prepared } from './prepared.ts'
import { type TurnRow, toTurn } from './nouns.ts'

/** Turns read at once. Most histories fit; a longer one takes another query for each so many turns. */
const pageSize = 32

export function historyQueries(db: Database) {
  // Ended tasks have no index by session: each of them would touch one more page, the messages have one anyway, and tasks
  // end in the order of their messages.
  const page = prepared<{ session: string; before: number }, TurnRow>((slot) =>
    db
      .selectFrom('message')
      .innerJoin('task', 'task.id', 'message.task_id')
      .select(['message.seq', 'task.id as task', 'task.turn as messages', 'task.turn_tokens as tokens'])
      .$narrowType<{ messages: NotNull; tokens: NotNull }>()
      .where('message.session_id', '=', slot('session'))
      .where('task.turn', 'is not', null)
      .where('message.seq', '<', slot('before'))
      .orderBy('message.seq', 'desc')
      .limit(fixed(pageSize)),
  )
  function history(session: string, maxTokens: number): Promise<Turn[]> {
    return read(async () => {
      const turns: Turn[] = []
      if (maxTokens <= 0) return turns
      let tokens = 0
      for (let before = Number.MAX_SAFE_INTEGER; ; ) {
        const rows = await page(db.committed, { session, before })
        for (const row of rows) {
          tokens += row.tokens
          if (tokens > maxTokens) return turns.reverse()
          turns.push(toTurn(row))
          before = row.seq
        }
        if (rows.length < pageSize) return turns.reverse()
      }
    })
  }
  return { history }
}
