/** A database with a little of everything, in a folder of its own. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { migrate, openSqlite, runtimeSet, type SqliteConnection, type SqliteRow } from '@asyncv/migrations'
import { onTestFinished } from 'vitest'
import { emptyHead, entryAfter } from '../../audit-chain.ts'

export function scratchFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'asyncv-upkeep-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function hashOf(content: string): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Makes a database whose only message says `text`, with a file of that content too, and one delivery in each state. */
export async function makeDatabase(file: string, text: string): Promise<void> {
  const connection = await openSqlite(file)
  migrate(connection, runtimeSet)
  const run = (sql: string, ...values: unknown[]): void => void connection.prepare(sql).run(values)
  run(`insert into session values ('s1', 'api:default:a:u', 1, 'a', 'default', 2, 1, 1, null)`)
  run(`insert into message values ('m1', 's1', 1, 't1', ?, null, 1)`, JSON.stringify([{ type: 'text', text }]))
  run(
    `insert into task values ('t1', 's1', 'm1', 1, 'queued', 'a', 'queue', null, '{}', null, 0, 0, 0, null, null, null, null, 0, 0, 1, null, null)`,
  )
  const states = ['pending', 'sending', 'sent', 'retrying', 'uncertain', 'held', 'dead', 'discarded']
  for (const [n, state] of states.entries()) {
    run(
      `insert into delivery values (?, ?, ?, null, null, 0, 'post', 'tg:1:42:-', null, '[{"type":"text","text":"x"}]', ?, 1, null, 0, null, 1, null, null)`,
      n + 1,
      `d-${state}`,
      `k-${state}`,
      state,
    )
  }
  // An edit, and a placeholder that its task will fill.
  run(
    `insert into delivery values (20, 'd-edit', 'k-edit', null, null, 0, 'post', 'tg:1:42:-', '9', '[{"type":"text","text":"x"}]', 'retrying', 1, null, 0, null, 1, null, null)`,
  )
  run(
    `insert into delivery values (21, 'd-draft', 'k-draft', null, null, 0, 'post', 'tg:1:42:-', null, '[]', 'pending', 1, null, 0, null, 1, null, null)`,
  )
  const entry = entryAfter(emptyHead, {
    at: 1,
    actor: { id: 'command', name: null },
    action: 'key.created',
    target: 'k',
    beforeHash: null,
    afterHash: null,
  })
  run(
    `insert into audit values (1, 1, 'command', null, 'key.created', 'k', null, null, ?, ?)`,
    entry.prevHash,
    entry.hash,
  )
  run('update audit_head set n = 1, hash = ?', entry.hash)
  run(`insert into file values ('f1', 'a.txt', 'text/plain', ?, ?, 'default', 1, 9e15)`, text.length, hashOf(text))
  connection.close()
  writeBlob(file, hashOf(text), text)
}

export function blobOf(database: string, sha256: string): string {
  return join(`${database}-files`, sha256.slice(0, 2), sha256)
}

export function writeBlob(database: string, sha256: string, content: string): void {
  mkdirSync(dirname(blobOf(database, sha256)), { recursive: true })
  writeFileSync(blobOf(database, sha256), content)
}

export async function within<Value>(file: string, work: (connection: SqliteConnection) => Value): Promise<Value> {
  const connection = await openSqlite(file)
  try {
    return work(connection)
  } finally {
    connection.close()
  }
}

export function rowsIn(file: string, sql: string): Promise<SqliteRow[]> {
  return within(file, (connection) => connection.prepare(sql).all([]))
}

/** What its only message says. */
export async function textIn(file: string): Promise<string> {
  const [row] = await rowsIn(file, 'select parts from message')
  return (JSON.parse(String(row?.['parts'])) as [{ text: string }])[0].text
}
