import type { Delivery, Message, Session, Task, Timeline } from 'asyncv'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Ran } from '../command.fixture.ts'
import { type ChatPlace, chatPlace } from '../chats.fixture.ts'

let at: ChatPlace
beforeAll(async () => {
  at = await chatPlace()
  await vi.waitFor(
    () => {
      const states = deliveries().map(({ state }) => state)
      expect(states.sort()).toEqual(['dead', 'held', 'sent'])
    },
    { timeout: 20_000, interval: 100 },
  )
}, 40_000)
afterAll(() => at.place.remove())

const run = (...args: string[]): Ran => at.place.run(args)
const data = <Answer>(...args: string[]): Answer => JSON.parse(run(...args, '--json').stdout) as Answer
const deliveries = (): Delivery[] => data<{ data: Delivery[] }>('deliveries', 'list').data
const sessionAt = (address: string): Session =>
  data<{ data: Session[] }>('sessions', 'list').data.find((session) => session.address === address) as Session
const messageAt = (address: string): Message =>
  data<{ messages: Message[] }>('sessions', 'show', sessionAt(address).id).messages[0] as Message

test('send prints the answer alone on stdout, and where it was said on stderr', () => {
  const { status, stdout, stderr } = run('send', 'helper', 'What is 6 * 7?', '--session', 'mine')
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^6 \* 7 = 42\n/) })
  expect(stderr).toMatch(/^Session mine, message \S+\n$/)
})

test('send reads what is to be said from stdin, and --quiet says nothing beside the answer', () => {
  for (const words of [[], ['-']]) {
    const { stdout, stderr } = at.place.run(['send', 'helper', '-q', ...words], { input: 'What is 2 + 3?\n' })
    expect({ stdout, stderr }).toEqual({ stdout: expect.stringContaining('2 + 3 = 5'), stderr: '' })
  }
  expect(run('send', 'helper')).toMatchObject({ status: 2, stderr: expect.stringContaining('There is no text') })
})

test('send with a key that was used gets the answer of then', () => {
  const [first, again] = [1, 2].map(() => data<{ task: string }>('send', 'helper', 'hi', '--idempotency-key', 'k1'))
  expect(again?.task).toBe(first?.task)
})

test('send says which agents there are, and what an agent’s model refused', () => {
  expect(run('send', 'helpr', 'hi')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('helper') })
  expect(run('send', 'broken', 'hi')).toMatchObject({ status: 1, stderr: expect.stringContaining('The key is wrong.') })
})

test('agents lists them with their models and tools', () => {
  expect(run('agents').stdout).toBe(
    [
      'NAME    MODEL         TOOLS',
      'helper  offline/demo  time, calculator',
      'broken  moody/fails   -',
      'slow    moody/waits   -',
      '',
    ].join('\n'),
  )
  expect(data<{ name: string }[]>('agents').map(({ name }) => name)).toEqual(['helper', 'broken', 'slow'])
})

test('sessions show prints a conversation, and what somebody wrote cannot steer the terminal', () => {
  const { stdout } = run('sessions', 'show', sessionAt('chats:1:doubt:-').id)
  // With the id that `asyncv trace` takes.
  const { id } = messageAt('chats:1:doubt:-')
  expect(stdout).toMatch(
    /^helper, chats:1:doubt:-\n\nEve {2}\d{4}-\d\d-\d\d [\d:]{8} {2}\S+\n {2}hi there\n\nhelper {2}/,
  )
  expect(stdout).toContain(`  ${id}\n`)
  expect(stdout).not.toContain('\u001b')
  expect(stdout).not.toContain('\u0007')
})

test('sessions show says why there is no answer, and shows the latest page first', () => {
  run('send', 'broken', 'the first', '--session', 'paged')
  run('send', 'broken', 'the second', '--session', 'paged')
  const { id } = sessionAt('api:default:broken:paged')
  const latest = run('sessions', 'show', id, '--limit', '1')
  expect(latest.stdout).toContain('the second')
  expect(latest.stdout).not.toContain('the first')
  expect(latest.stdout).toContain('(no answer: failed, provider_denied: Model moody/fails: The key is wrong.)')
  const [, cursor = ''] = /--cursor (\S+)/.exec(latest.stderr) ?? []
  expect(run('sessions', 'show', id, '--limit', '1', '--cursor', cursor).stdout).toContain('the first')
})

test('lists are read page by page, and by state', () => {
  const page = run('deliveries', 'list', '--limit', '1')
  expect(page.stdout.trim().split('\n')).toHaveLength(2)
  const [, cursor = ''] = /There is more: --cursor (\S+)/.exec(page.stderr) ?? []
  const next = data<{ data: Delivery[] }>('deliveries', 'list', '--limit', '1', '--cursor', cursor).data
  expect(next.map(({ id }) => id)).not.toContain(page.stdout.split('\n')[1]?.split(' ')[0])
  const failed = data<{ data: Task[] }>('tasks', 'list', '--state', 'failed').data
  expect(new Set(failed.map(({ state }) => state))).toEqual(new Set(['failed']))
})

test('tasks show draws what a task did, step by step', () => {
  const { stdout } = run('tasks', 'show', messageAt('chats:1:good:-').task ?? '')
  const lines = stdout.split('\n').map((line) => line.replace(/^ *\+[\d.]+ m?s {2}/, ''))
  expect(lines[0]).toMatch(/^done {2}task /)
  expect(lines.slice(4)).toEqual([
    expect.stringMatching(/^● queued +task \S+ of agent helper$/),
    expect.stringMatching(/^● the agent begins/),
    expect.stringMatching(/^● 1 {2}model offline\/demo +\d+ ms +\d+ → \d+ tokens$/),
    expect.stringMatching(/^● 2 {2}tool calculator +\d+ ms$/),
    expect.stringMatching(/^● 3 {2}model offline\/demo +\d+ ms +\d+ → \d+ tokens$/),
    expect.stringMatching(/^✓ answered +\d+ → \d+ tokens$/),
    expect.stringMatching(/^● delivery 1 \(answer\) +to chats:1:good:-$/),
    expect.stringMatching(/^✓ delivery 1 sent$/),
    '',
  ])
})

test('trace tells a message’s way to where it hangs, and what to do', () => {
  const message = messageAt('chats:1:doubt:-')
  const { stdout } = run('trace', message.id)
  expect(stdout).toMatch(/● received +session /)
  expect(stdout).toMatch(/● repeats are recognised +event-2 of chats:1\n/)
  expect(stdout).toMatch(
    /\? delivery 1 held +one send of which nobody knows whether it arrived; .*asyncv deliveries retry/,
  )
  expect(data<Timeline>('trace', message.id).deliveries).toMatchObject([{ state: 'held', uncertainCount: 1 }])
})

test('tasks cancel ends one that runs, and tasks retry runs it again', async () => {
  const { task, message } = data<{ task: string; message: string }>('send', 'slow', 'hi', '--async')
  expect(run('trace', message).stdout).toMatch(/ now {2}○ being answered\n$/)
  const { session } = data<{ task: Task }>('tasks', 'show', task).task
  expect(run('sessions', 'show', session).stdout).toMatch(/\n\nslow\n {2}\(no answer yet: running\)\n$/)
  expect(run('tasks', 'cancel', task)).toMatchObject({ status: 0, stdout: '', stderr: expect.stringContaining(task) })
  await expect.poll(() => data<{ task: Task }>('tasks', 'show', task).task.state, { timeout: 10_000 }).toBe('cancelled')
  expect(run('tasks', 'retry', task)).toMatchObject({ status: 0, stdout: `${task}\n` })
  expect(data<{ task: Task }>('tasks', 'show', task).task).toMatchObject({ state: 'running', attempt: 2 })
  run('tasks', 'cancel', task, '--quiet')
})

test('a dead delivery is given up only after a yes, and where nobody can be asked only with --yes', () => {
  const { id } = deliveries().find(({ state }) => state === 'dead') as Delivery
  expect(run('deliveries', 'discard', id)).toMatchObject({ status: 2, stderr: expect.stringContaining('Add --yes') })
  expect(deliveries()).toContainEqual(expect.objectContaining({ id, state: 'dead' }))
  expect(data<Delivery>('deliveries', 'discard', '--yes', id)).toMatchObject({ id, state: 'discarded' })
})

test('a held delivery is sent again', async () => {
  const { id } = deliveries().find(({ state }) => state === 'held') as Delivery
  expect(run('deliveries', 'retry', id)).toMatchObject({ status: 0, stdout: '', stderr: expect.stringContaining(id) })
  // Its second send hangs in doubt as the first did.
  await vi.waitFor(() => {
    expect(deliveries()).toContainEqual(expect.objectContaining({ id, state: 'held', uncertainCount: 2 }))
  }, 10_000)
})

test('an id that nobody has, and a state that forbids it, are said with their exit codes', () => {
  expect(run('tasks', 'show', 'nobody')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('nobody'),
  })
  const sent = deliveries().find(({ state }) => state === 'sent') as Delivery
  expect(run('deliveries', 'retry', sent.id)).toMatchObject({ status: 1, stdout: '' })
})

test('in Chinese the tables, the timeline and the meaning of an error code are Chinese; JSON and codes are not', () => {
  const list = run('tasks', 'list', '--lang', 'zh').stdout
  expect(list).toMatch(/^ID +状态 +智能体 +创建时间/)
  expect(list).toContain('已完成')
  const env = { ASYNCV_LANG: 'zh_CN.UTF-8' }
  const { stdout } = at.place.run(['trace', messageAt('chats:1:doubt:-').id], { env })
  expect(stdout).toMatch(/● 已接收 +会话 /)
  expect(at.place.run(['send', 'broken', '你好'], { env: { LANG: 'zh_CN.UTF-8' } }).stderr).toContain(
    '模型服务拒绝了密钥（provider_denied）：Model moody/fails: The key is wrong.',
  )
  expect(data<{ data: Task[] }>('tasks', 'list', '--lang', 'zh').data[0]).toHaveProperty('state')
})
