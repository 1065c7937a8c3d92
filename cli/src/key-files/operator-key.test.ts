import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ensureOperatorKey } from './operator-key.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'asyncv-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Starts so often at moments that are agreed upon, each time on a database of its own. */
const starts = 100
const starter = `
  import { join } from 'node:path'
  import { ensureOperatorKey } from ${JSON.stringify(join(import.meta.dirname, 'operator-key.ts'))}
  const [folder, at] = process.argv.slice(-2)
  const keys = []
  for (let n = 0; n < ${starts}; n++) {
    while (Date.now() < Number(at) + 3 * n);
    keys.push(await ensureOperatorKey(join(folder, String(n), 'asyncv.db')))
  }
  console.log(JSON.stringify(keys))
`

test('two first starts at once have one key', async () => {
  const file = join(folder, 'starter.mts')
  writeFileSync(file, starter)
  const args = ['--import', import.meta.resolve('tsx'), file, folder, String(Date.now() + 2_000)]
  const start = async (): Promise<unknown> => JSON.parse((await promisify(execFile)(process.execPath, args)).stdout)
  const [one, other] = await Promise.all([start(), start()])
  expect(one).toHaveLength(starts)
  expect(other).toEqual(one)
})

test('whoever begins to write the key is waited for', async () => {
  const file = join(folder, 'operator.key')
  writeFileSync(file, '')
  const waiting = ensureOperatorKey(join(folder, 'asyncv.db'))
  const key = `avk_operator_${'k'.repeat(43)}`
  setTimeout(() => writeFileSync(file, `${key}\n`), 30)
  expect(await waiting).toBe(key)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('a file that nobody writes holds no key', async () => {
  writeFileSync(join(folder, 'operator.key'), '')
  await expect(ensureOperatorKey(join(folder, 'asyncv.db'))).rejects.toMatchObject({
    name: 'CommandError',
    message: expect.stringContaining('holds no operator key'),
  })
})

// A key of another user fails at the same place, but root has no other users.
test('what can be no file of ours is named, with the way out', async () => {
  const file = join(folder, 'operator.key')
  mkdirSync(file)
  await expect(ensureOperatorKey(join(folder, 'asyncv.db'))).rejects.toMatchObject({
    name: 'CommandError',
    message: expect.stringContaining(`${file} cannot be used: E`),
    hint: 'Run this as the user whose file it is, or remove it; the next start writes a new one.',
    exitCode: 2,
  })
})

test('a place that cannot be written to is named', async () => {
  writeFileSync(join(folder, 'taken'), '')
  await expect(ensureOperatorKey(join(folder, 'taken', 'asyncv.db'))).rejects.toMatchObject({
    name: 'CommandError',
    message: expect.stringContaining(`${join(folder, 'taken', 'operator.key')} cannot be written: E`),
    hint: 'Give this user the folder, or put the database elsewhere with --storage.',
  })
  expect(readFileSync(join(folder, 'taken'), 'utf8')).toBe('')
})
