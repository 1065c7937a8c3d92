import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

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
