import { type ChildProcess, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandPlace, type Place } from '../command.fixture.ts'
import { runAtTerminal } from '../terminal.fixture.ts'

let place: Place

beforeAll(async () => {
  place = commandPlace()
  await place.start()
  place.run(['send', 'assistant', 'hello'])
})
afterAll(() => place.remove())

interface Line {
  id: string
  level: string
  message: string
  fields: Record<string, unknown>
}

function parse(stdout: string): Line[] {
  return stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
}

/** Waits until what a command has printed fits. */
function printed(child: ChildProcess): (fits: (stdout: string) => boolean) => Promise<string> {
  let stdout = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  return async (fits) => {
    for (let tries = 0; tries < 300 && !fits(stdout); tries++) await sleep(50)
    return stdout
  }
}

test('prints a JSON line each in a pipe', () => {
  const { status, stdout, stderr } = place.run(['logs'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const [line] = parse(stdout).filter(({ message }) => message === 'task.finished')
  expect(line).toMatchObject({ level: 'info', fields: { task: expect.any(String), session: expect.any(String) } })
})

test('filters by task, text, level and time', () => {
  const [line] = parse(place.run(['logs', '--grep', 'TASK.FINISHED']).stdout)
  const task = String(line?.fields['task'])
  expect(parse(place.run(['logs', '--task', task]).stdout).map(({ message }) => message)).toEqual(['task.finished'])
  for (const none of [
    ['--level', 'error'],
    ['--since', '2100-01-01'],
    ['--task', 'nobody'],
  ]) {
    const { status, stdout, stderr } = place.run(['logs', ...none])
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: 'There are no such lines.\n' })
  }
  expect(parse(place.run(['logs', '--since', '1h', '-n', '1']).stdout)).toHaveLength(1)
})

test.each([
  ['--since', 'yesterday'],
  ['--level', 'loud'],
  ['--limit', '0'],
  ['--limit', '007'],
])('%s %s is refused, with what there is', (flag, value) => {
  const { status, stdout, stderr } = place.run(['logs', flag, value])
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain(flag)
})

test('--follow goes on after a restart, with nothing missing', async () => {
  const there = commandPlace()
  const first = await there.start()
  const child = there.spawn(['logs', '-f'])
  const seen = printed(child)
  let talk = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    talk += chunk.toString()
  })
  there.run(['send', 'assistant', 'one'])
  expect(await seen((stdout) => stdout.includes('task.finished'))).toContain('task.finished')
  first.child.kill('SIGTERM')
  await once(first.child, 'exit')
  await there.start()
  there.run(['send', 'assistant', 'two'])
  const finished = (stdout: string): Line[] => parse(stdout).filter(({ message }) => message === 'task.finished')
  const lines = parse(await seen((stdout) => stdout.endsWith('\n') && finished(stdout).length === 2))
  expect(lines.map(({ message }) => message)).toEqual([
    'database migrated',
    'task.finished',
    'stopping: waiting for what is under way (once more to hurry)',
    'task.finished',
  ])
  expect(new Set(lines.map(({ id }) => id)).size).toBe(4)
  expect(talk).toContain('waiting for it to come back')
  there.remove()
}, 60_000)

test('without a service it says how to start one, unless one left a log', () => {
  const there = commandPlace()
  const nothing = there.run(['logs'])
  expect(nothing.status).toBe(1)
  expect(nothing.stderr).toMatch(/No asyncv service was found[\s\S]*asyncv start/)
  expect(there.run(['logs', '-f']).status).toBe(1)
  mkdirSync(join(there.folder, '.asyncv'))
  writeFileSync(
    join(there.folder, '.asyncv/asyncv.log'),
    'Error: a stack\n{"level":50,"time":1000,"msg":"why it died","task":"t1"}\n{"level":30,"time":2000,"msg":"else"}\n',
  )
  const left = there.run(['logs', '--level', 'error'])
  expect(left.status).toBe(0)
  expect(parse(left.stdout)).toEqual([
    { id: null, at: 1000, level: 'error', message: 'why it died', fields: { task: 't1' } },
  ])
  there.remove()
})

const hasPython = spawnSync('python3', ['--version']).status === 0

describe.skipIf(!hasPython)('in a terminal', () => {
  const show = (env: Record<string, string>, args: string[] = []): string =>
    runAtTerminal(place.command(['logs', ...args], { TERM: 'xterm', ...env })).shown

  test('lines are for people, in colour where that is wanted', () => {
    const coloured = show({})
    expect(coloured).toMatch(/\d\d-\d\d \d\d:\d\d:\d\d.*INFO.*task\.finished/)
    expect(coloured).toContain('\u001b[32mINFO')
    const plain = show({ NO_COLOR: '1' })
    expect(plain).toMatch(/\d\d:\d\d:\d\d\] INFO: task\.finished/)
    expect(plain).not.toContain('\u001b')
    expect(parse(show({}, ['--json']))[0]).toMatchObject({ level: 'info' })
  })

  test('what others wrote does not steer the terminal', () => {
    const there = commandPlace()
    mkdirSync(join(there.folder, '.asyncv'))
    writeFileSync(
      join(there.folder, '.asyncv/asyncv.log'),
      `${JSON.stringify({ level: 50, time: 1000, msg: 'a\u001b]0;title\u0007b\u001b[2Jc', err: { stack: '\u001b[2J' } })}\n`,
    )
    const { shown } = runAtTerminal(there.command(['logs'], { TERM: 'xterm', NO_COLOR: '1' }))
    expect(shown).toContain('abc')
    expect(shown).not.toContain('\u001b')
    writeFileSync(
      join(there.folder, '.asyncv/asyncv.log'),
      `${JSON.stringify({ level: 50, time: 1000, msg: 'a\u009b2J\u202eb' })}\n`,
    )
    const { stdout } = there.run(['logs', '--json'])
    // JSON leaves these as they are.
    expect(stdout).toContain('a\\u009b2J\\u202eb')
    expect(parse(stdout)).toMatchObject([{ message: 'a\u009b2J\u202eb' }])
    there.remove()
  })
})
