import type { ConnectorState } from '../connector.ts'
import type { Database, Trx } from './database.ts'
import { preparedWrite } from './prepared.ts'

/** Keeps a connector's value, such as an offset. */
export function keepState(db: Database) {
  const write = preparedWrite<{ account: string; key: string; value: string; at: number }>((slot) =>
    db
      .insertInto('connector_state')
      .values({ account: slot('account'), key: slot('key'), value: slot('value'), updated_at: slot('at') })
      .onConflict((conflict) =>
        conflict.columns(['account', 'key']).doUpdateSet({ value: slot('value'), updated_at: slot('at') }),
      ),
  )
  return async (trx: Trx, state: ConnectorState & { account: string }, at: number): Promise<void> => {
    const { account, key, value } = state
    await write(trx, { account, key, value, at })
  }
}
