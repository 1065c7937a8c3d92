import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Connector, SendError } from '../connector.ts'
import { down, count, runtimes } from '../testing/runtimes.fixture.ts'
import { fakeConnector } from '../testing/fake-connector.ts'
import { scripted } from '../testing/scripted.ts'

const { started, freshFile } = runtimes()

test('cancel reaches a running model call', async () => {
  const asyncv = await started(scripted([{ text: 'late', delayMs: 60_000 }]))
  const { task } = await asyncv.accept({ agent: 'helper', session: 'u', text: 'hi' })
  await sleep(10)
  await asyncv.cancel(task)
  await expect(asyncv.reply(task)).rejects.toMatchObject({ code: 'cancelled' })
  expect(await asyncv.task(task)).toMatchObject({ state: 'cancelled' })
})

test('cancel of a task that ran before a restart: what it had taken up gets its own answer', async () => {
  const file = freshFile()
  const agents = [{ name: 'helper', model: 'main/m', tools: [count('read', () => sleep(50))] }]
  const first = await started(
    scripted([{ toolCalls: [{ name: 'count', args: { by: 1 } }] }, { text: 'never', delayMs: Infinity }]),
    { file, agents },
  )
  const asked = { agent: 'helper', session: 'u', whenBusy: 'steer' } as const
  const { task } = await first.accept({ ...asked, text: 'one' })
  const { task: taken } = await first.accept({ ...asked, text: 'two' })
  await expect.poll(async () => (await first.task(taken)).state).toBe('absorbed')
  await first.stop({ drainMs: 0 })
  let go = (): void => {}
  const held = new Promise<void>((resolve) => {
    go = resolve
  })
  const hook = (point: string) => (point === 'storage.claim:before' ? held : undefined)
  const second = await started(scripted(['to two']), { file, agents, hook })
  expect(await second.cancel(task)).toMatchObject({ state: 'queued' })
  go()
  await expect(second.reply(task)).rejects.toMatchObject({ code: 'cancelled' })
  expect(await second.reply(taken)).toMatchObject({ text: 'to two' })
  expect(await second.history((await second.task(task)).session)).toHaveLength(2)
})

test('retry runs a failed task again and replaces its turn', async () => {
  const asyncv = await started(scripted([{ error: down }, 'now']))
  const failed = await asyncv
    .send({ agent: 'helper', session: 'u', text: 'hi' })
    .catch((error: { task: string }) => error)
  const { id, session } = await asyncv.retry((failed as { task: string }).task)
  expect(await asyncv.reply(id)).toMatchObject({ text: 'now' })
  expect(await asyncv.history(session)).toHaveLength(1)
})

test('a dead letter that an operator retries gets all its tries again, however old it is', async () => {
  const chat = fakeConnector()
  let tries = 0
  const away: Connector = {
    ...chat,
    async send(operation, call) {
      if (++tries > 2 && (await asyncv.delivery(id)).retriedAt !== null) return chat.send(operation, call)
      throw new SendError({ type: 'not-sent', message: 'The platform is away.' })
    },
  }
  const outbox = { deliveryMaxAgeMs: 300, backoffMs: 1, maxBackoffMs: 1, maxAttempts: 1_000_000 }
  const asyncv = await started(scripted([]), { connectors: { away }, outbox })
  const { id } = await asyncv.post({ connector: 'away', conversation: 'ada', text: 'hi' })
  await expect.poll(async () => (await asyncv.delivery(id)).state).toBe('dead')
  tries = 0
  await asyncv.retryDelivery(id)
  expect((await chat.next('ada')).text).toBe('hi')
  expect(tries).toBe(3)
})
