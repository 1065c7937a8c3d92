import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { changeTrust, trustOf } from './trust-file.ts'

test('of commands that change the list at once none undoes what another has done', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-trust-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const database = join(folder, 'asyncv.db')
  const module = pathToFileURL(join(import.meta.dirname, 'trust-file.ts')).href
  const key = Buffer.alloc(32, 7).toString('base64')
  // Each adds its own, and takes the odd ones off again.
  const program = (own: string) => `
    import { changeTrust } from ${JSON.stringify(module)}
    const change = (what) => changeTrust(${JSON.stringify(database)}, what)
    for (let n = 0; n < 30; n++) {
      change((trust) => trust.add('${own}' + n, '${key}', n))
      if (n % 2 === 1) change((trust) => trust.remove('${own}' + n))
    }`
  const ended = ['one', 'two', 'three'].map(async (own) => {
    const options = ['-C', '@asyncv/source', '--import', 'tsx', '--input-type=module', '-e', program(own)]
    const [code] = await once(spawn(process.execPath, options, { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit')
    return code
  })
  expect(await Promise.all(ended)).toEqual([0, 0, 0])
  const even = Array.from({ length: 15 }, (_, n) => 2 * n)
  const expected = ['one', 'two', 'three'].flatMap((own) => even.map((n) => `${own}${n}`))
  const names = trustOf(database)
    ?.publishers()
    .map(({ name }) => name)
  expect(names?.sort()).toEqual(expected.sort())
  expect(existsSync(join(folder, 'trust.json.lock'))).toBe(false)
})

test('a list that another command does not let go is left alone, and that is said', { timeout: 30_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-trust-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'trust.json.lock'), String(process.pid))
  const change = vi.fn()
  expect(() => changeTrust(join(folder, 'asyncv.db'), change)).toThrow(/Another command is changing .*trust\.json/)
  expect(change).not.toHaveBeenCalled()
})

test('a change that fails is made once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-trust-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const failure = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
  const change = vi.fn(() => {
    throw failure
  })
  expect(() => changeTrust(join(folder, 'asyncv.db'), change)).toThrow(failure)
  expect(change).toHaveBeenCalledTimes(1)
  expect(existsSync(join(folder, 'trust.json.lock'))).toBe(false)
})
