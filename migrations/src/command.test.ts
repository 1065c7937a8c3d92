import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqlite } from './sqlite/open.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asyncv-command-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const command = join(import.meta.dirname, 'command.ts')
  const database = ['--database', join(folder, 'a.db')]
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['-C', '@asyncv/source', '--import', 'tsx', command, ...args, ...database],
    { encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

test('brings a database up, says where it stands, and takes it down', () => {
  expect(run('up')).toMatchObject({ status: 0, stdout: expect.stringContaining('version 0 → 7') })
  expect(JSON.parse(run('report', '--json').stdout)).toMatchObject({ version: 7, set: 'runtime', rows: { task: 0 } })
  expect(run('down')).toMatchObject({ status: 0, stdout: expect.stringContaining('version 7 → ') })
})

test('a database that is not there is an error with a way out', () => {
  expect(run('status')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/There is no database[\s\S]*--database/),
  })
})

test('check passes', () => {
  expect(run('check')).toMatchObject({ status: 0, stdout: expect.stringContaining('ok   1-') })
})

test('up never goes down, and a version that was forgotten is none', () => {
  run('up')
  for (const words of [
    ['up', '--to', '3'],
    ['up', '--to='],
    ['down', '--to='],
    ['down', '--to'],
    ['down', '--to', 'x'],
    ['down', '--too', '6'],
  ]) {
    const { status, stderr } = run(...words)
    expect({ words, refused: status !== 0, stderr: stderr !== '' }).toEqual({ words, refused: true, stderr: true })
  }
  expect(run('up', '--to', '3').stderr).toMatch(/at version 7, and 3 is not up[\s\S]*asyncv-migrate down --to 3/)
  expect(JSON.parse(run('status', '--json').stdout)).toMatchObject({ version: 7 })
  expect(run('down', '--to', '6').status).toBe(0)
  expect(run('down', '--to', '7').status).toBe(2)
  expect(JSON.parse(run('status', '--json').stdout)).toMatchObject({ version: 6 })
})

test('down makes no database of a file that is not there', () => {
  expect(run('down')).toMatchObject({ status: 2, stderr: expect.stringMatching(/There is no database/) })
  expect(readdirSync(folder)).toEqual([])
})

test('the database of something else is left as it is', async () => {
  const other = await openSqlite(join(folder, 'a.db'))
  other.exec('create table message (mine text)')
  other.close()
  const { status, stderr } = run('up')
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/it has a table "message"/) })
})
