/**
 * What keeping costs by itself: the rows that asyncv writes for a message, in its own tables and two commits, by
 * hand-written statements straight to SQLite. No recovery, no lanes, no errors: nobody could use it. A mark to compare
 * with, not a lower bound: it does not wait for company before it commits, as asyncv does in a crowd.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openSqlite, runtimeSet } from '@asyncv/migrations'
import { systemClock } from 'asyncv'

export interface Kept {
  session: string
  message: string
  task: string
}

/** In the order of time, as asyncv's: random ones would write to pages all over the tables. */
const newId = systemClock.id

export async function keepByHand() {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-bench-'))
  const database = await openSqlite(join(folder, 'keeping.db'))
  migrate(database, runtimeSet)
  const run = (sql: string) => {
    const statement = database.prepare(sql)
    return (...values: (string | number | null)[]) => statement.run(values)
  }
  const begin = run('begin immediate')
  const commit = run('commit')
  const dedupe = run(`insert into dedupe values (?, ?, ?, '', ?)`)
  const findSession = database.prepare(`select id, next_seq from session where address = ? and closed_at is null`)
  const insertSession = run(`insert into session values (?, ?, 1, 'helper', 'default', 2, ?, ?, null)`)
  const takeNumber = run(`update session set next_seq = next_seq + 1, last_at = ? where id = ?`)
  const message = run(`insert into message values (?, ?, ?, ?, ?, null, ?)`)
  const task = run(
    `insert into task values (?, ?, ?, ?, 'running', 'helper', 'queue', null, '{}', null, 1, 0, 0, null, null, null, null, 0, 0, ?, ?, null)`,
  )
  const end = run(
    `update task set state = 'done', turn = ?, turn_tokens = 20, input_tokens = 10, output_tokens = 10, ended_at = ? where id = ?`,
  )
  const step = run(`insert into step values (?, 1, 'model', 'done', 1, 1, 'main/bench', null, null, ?, 10, 10, ?, ?)`)
  const delivery = run(
    `insert into delivery (id, key, task_id, part, kind, destination, body, state, attempt, uncertain_count, created_at)
     values (?, ?, ?, 0, 'answer', ?, ?, 'sending', 1, 0, ?)`,
  )
  const sent = run(`update delivery set state = 'sent', target = '1', settled_at = ? where task_id = ? and part = 0`)
  const find = database.prepare(`select id, session_id, state, turn, created_at, ended_at from task where id = ?`)

  let commits = 0
  let committing: Promise<void> | null = null
  /** Rides along with everything that is written in this turn of the event loop; resolves when it is on disk. */
  function write(rows: () => void): Promise<void> {
    if (committing === null) {
      begin()
      committing = new Promise((resolve) => {
        setImmediate(() => {
          commit()
          commits++
          committing = null
          resolve()
        })
      })
    }
    rows()
    return committing
  }

  function place(address: string, at: number): { session: string; seq: number } {
    const [open] = findSession.all([address])
    const session = open === undefined ? newId() : String(open['id'])
    if (open === undefined) insertSession(session, address, at, at)
    else takeNumber(at, session)
    return { session, seq: Number(open?.['next_seq'] ?? 1) }
  }

  return {
    commits: () => commits,

    /** `event` is the platform's id of the message, where it has one. */
    async accept(address: string, text: string, event: string | null): Promise<Kept> {
      const at = Date.now()
      const kept = { session: '', message: newId(), task: newId() }
      await write(() => {
        if (event !== null) dedupe('tg:42', event, kept.message, at)
        const { session, seq } = place(address, at)
        kept.session = session
        message(kept.message, session, seq, kept.task, JSON.stringify([{ type: 'text', text }]), at)
        task(kept.task, session, kept.message, seq, at, at)
      })
      return kept
    },

    finish({ task: id }: Kept, text: string, answer: string, destination: string | null): Promise<void> {
      const at = Date.now()
      return write(() => {
        end(JSON.stringify([text, answer]), at, id)
        step(id, JSON.stringify({ text: answer }), at, at)
        if (destination !== null) delivery(newId(), `${id}/0`, id, destination, JSON.stringify([answer]), at)
      })
    },

    /** Not waited for: it rides with whatever is written next. */
    settle({ task: id }: Kept): void {
      void write(() => void sent(Date.now(), id))
    },

    task: (id: string) => find.all([id])[0],

    close(): void {
      database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
