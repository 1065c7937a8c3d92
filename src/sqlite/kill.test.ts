import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openSqlite } from '@asyncv/migrations'
import { expect, test } from 'vitest'
import { temporaryFolder } from './shared-commit.fixture.ts'

const writer = fileURLToPath(new URL('./killed-writer.fixture.ts', import.meta.url))
/** `check:long` kills it more often. */
const kills = process.env['ASYNCV_CRASH'] === 'full' ? 30 : 4

// Shows that nothing resolves before its COMMIT. That the COMMIT is on disk takes more than a kill: the page cache
// survives that.
test(`what resolved before one of ${kills} kills is there, whole, and what threw is not`, {
  timeout: 300_000,
}, async () => {
  const folder = temporaryFolder()
  const [file, ledger] = [join(folder, 'a.db'), join(folder, 'ledger')]
  for (let kill = 1; kill <= kills; kill++) await writeUntilKilled(file, ledger, kill * 1_000_000)
  const resolved = readLedger(ledger)
  expect(new Set(resolved.map((id) => Math.floor(id / 1_000_000))).size).toBe(kills)
  const stored = await read(file)
  expect(resolved.filter((id) => !stored.whole.has(id))).toEqual([])
  expect(stored.half).toEqual([])
  expect([...stored.whole].filter((id) => id % 7 === 0)).toEqual([])
  expect(stored.integrity).toBe('ok')
})

/** Starts a writer and kills it 20 to 220 ms after its first transaction has resolved. */
async function writeUntilKilled(file: string, ledger: string, firstId: number): Promise<void> {
  const child = spawn(
    process.execPath,
    ['--conditions=@asyncv/source', '--import=tsx', writer, file, ledger, String(firstId)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const closed = once(child, 'close')
  await Promise.race([once(child.stdout, 'data'), closed])
  await sleep(20 + Math.random() * 200)
  child.kill('SIGKILL')
  const [, signal] = await closed
  expect(signal).toBe('SIGKILL')
}

/** The ids in the ledger. */
function readLedger(ledger: string): number[] {
  return readFileSync(ledger, 'utf8').split('\n').slice(0, -1).map(Number)
}

async function read(file: string): Promise<{ whole: Set<number>; half: number[]; integrity: unknown }> {
  const connection = await openSqlite(file)
  try {
    const ids = (sql: string) =>
      new Set(
        connection
          .prepare(sql)
          .all([])
          .map(({ key }) => Number(key)),
      )
    const first = ids('select key from dedupe')
    const second = ids('select key from connector_state')
    const [check] = connection.prepare('pragma integrity_check').all([])
    return {
      whole: new Set([...first].filter((id) => second.has(id))),
      half: [...first, ...second].filter((id) => !first.has(id) || !second.has(id)),
      integrity: check?.['integrity_check'],
    }
  } finally {
    connection.close()
  }
}
