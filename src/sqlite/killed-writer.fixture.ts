/**
 * A process to be killed: 64 sessions that write two rows a transaction, every 7th of which throws after writing.
 * Notes the id of each one that resolved in a ledger, and prints a line when there is one. Arguments: the database, the
 * ledger, the first id.
 */
import { openSync, writeSync } from 'node:fs'
import { Kysely } from 'kysely'
import { systemClock } from '../clock.ts'
import { silentLogger } from '../logger.ts'
import { sqlite } from './sqlite.ts'

interface Tables {
  dedupe: { scope: string; key: string; message_id: string; body_hash: string; at: number }
  connector_state: { account: string; key: string; value: string; updated_at: number }
}

const [file, ledgerFile = '', first] = process.argv.slice(2)
const ledger = openSync(ledgerFile, 'a')
const backend = await sqlite(file).open({ clock: systemClock, logger: silentLogger, hook: null })
const db = new Kysely<Tables>({ dialect: backend.dialect })
let next = Number(first)
let resolved = false
const changedMyMind = new Error('changed my mind')

for (let session = 0; session < 64; session++) void writeForever()

async function writeForever(): Promise<never> {
  for (;;) {
    const id = next++
    try {
      await write(id)
      // A file and no pipe, which could be full: what is written outlives the process.
      writeSync(ledger, `${id}\n`)
      if (!resolved) process.stdout.write('resolved\n')
      resolved = true
    } catch (error) {
      if (error !== changedMyMind) throw error
    }
  }
}

async function write(id: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const key = String(id)
    const row = { scope: 'test', key, message_id: key, body_hash: 'x'.repeat(300), at: 0 }
    await trx.insertInto('dedupe').values(row).execute()
    await trx.insertInto('connector_state').values({ account: 'test', key, value: '', updated_at: 0 }).execute()
    if (id % 7 === 0) throw changedMyMind
  })
}
