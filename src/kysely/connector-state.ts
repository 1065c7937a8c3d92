import type { Database } from './database.ts'
import { prepared } from './prepared.ts'

/** Keeps a connector's value, such as an offset. */
export function keepState(db: Database) {
  return prepared<{ account: string; key: string; value: string; at: number }>((slot) =>
    db
      .insertInto('connector_state')
      .values({ account: slot('account'), key: slot('key'), value: slot('value'), updated_at: slot('at') })
      .onConflict((conflict) =>
        conflict.columns(['account', 'key']).doUpdateSet({ value: slot('value'), updated_at: slot('at') }),
      ),
  )
}
