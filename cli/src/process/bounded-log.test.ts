import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { boundedLog } from './bounded-log.ts'

let file = ''
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  file = join(folder, 'asyncv.log')
})

const read = (suffix: string): string => readFileSync(file + suffix, 'utf8')

test('a full log is kept beside those before it, and begun anew', () => {
  for (const n of [1, 2, 3]) writeFileSync(`${file}.${n}`, `log ${n}`)
  const log = boundedLog({ descriptor: openSync(file, 'a'), file, maxBytes: 10 })
  for (const line of ['a'.repeat(10), 'b']) log.write(line)
  expect([read(''), read('.1'), read('.2'), read('.3')]).toEqual(['b', 'a'.repeat(10), 'log 1', 'log 2'])
  expect(readdirSync(join(file, '..'))).toHaveLength(4)
})

test('where those before it cannot be moved on, no copy is left behind', () => {
  writeFileSync(`${file}.2`, 'log 2')
  mkdirSync(`${file}.3/taken`, { recursive: true })
  const log = boundedLog({ descriptor: openSync(file, 'a'), file, maxBytes: 10 })
  for (const line of ['a'.repeat(10), 'b']) log.write(line)
  expect(readdirSync(join(file, '..')).sort()).toEqual(['asyncv.log', 'asyncv.log.2', 'asyncv.log.3'])
})

test.skipIf(process.platform === 'win32')('where there is no room for a copy, those before it stay', () => {
  for (const n of [1, 2, 3]) writeFileSync(`${file}.${n}`, `log ${n}`)
  writeFileSync(file, 'x'.repeat(8_000))
  const module = pathToFileURL(join(import.meta.dirname, 'bounded-log.ts')).href
  const program = `
    import { openSync } from 'node:fs'
    import { boundedLog } from ${JSON.stringify(module)}
    const file = ${JSON.stringify(file)}
    const log = boundedLog({ descriptor: openSync(file, 'a'), file, maxBytes: 100 })
    for (let n = 0; n < 5; n++) log.write('line')`
  // No file can become longer than 4 kB.
  const words = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', program]
  const { status } = spawnSync('sh', ['-c', 'ulimit -f 8; exec "$@"', 'sh', ...words])
  expect(status).toBe(0)
  expect([read('.1'), read('.2'), read('.3')]).toEqual(['log 1', 'log 2', 'log 3'])
  expect(readdirSync(join(file, '..'))).toHaveLength(4)
})
