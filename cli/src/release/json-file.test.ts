import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { Sequences } from './publisher.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'asyncv-count-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('commands that count at once lose no count of each other', { timeout: 60_000 }, async () => {
  const database = join(folder(), 'asyncv.db')
  const module = pathToFileURL(join(import.meta.dirname, 'publisher.ts')).href
  const program = (runtime: string) => `
    import { Sequences } from ${JSON.stringify(module)}
    const counts = new Sequences(${JSON.stringify(database)})
    for (let n = 1; n <= 100; n++) counts.note('command', ${JSON.stringify(runtime)}, n)`
  const ended = ['one', 'two', 'three'].map(async (runtime) => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program(runtime)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [code] = await once(child, 'exit')
    return code
  })
  expect(await Promise.all(ended)).toEqual([0, 0, 0])
  const counts = new Sequences(database)
  expect(['one', 'two', 'three'].map((runtime) => counts.last('command', runtime))).toEqual([100, 100, 100])
})

test('a count goes up only, and what a command left that died is no hindrance', () => {
  const database = join(folder(), 'asyncv.db')
  const lock = join(database, '..', 'publisher.json.lock')
  const counts = new Sequences(database)
  counts.note('command', 'one', 5)
  writeFileSync(lock, '')
  const longAgo = new Date(Date.now() - 60_000)
  utimesSync(lock, longAgo, longAgo)
  counts.note('command', 'one', 3)
  expect(counts.last('command', 'one')).toBe(5)
  expect(existsSync(lock)).toBe(false)
})
