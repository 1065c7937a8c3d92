import { expect, test, vi } from 'vitest'
import { deferred } from '../internal/deferred.ts'
import { runtimes } from '../testing/runtimes.fixture.ts'
import { scripted } from '../testing/scripted.ts'

const { started } = runtimes()

test('sends earlier turns of the session along, and nothing of others', async () => {
  const provider = scripted(['one', 'two', 'other'])
  const asyncv = await started(provider)
  await asyncv.send({ agent: 'helper', session: 'u', text: 'first' })
  await asyncv.send({ agent: 'helper', session: 'u', text: 'second' })
  await asyncv.send({ agent: 'helper', session: 'v', text: 'third' })
  expect(provider.requests[1]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
  expect(provider.requests[2]?.messages).toHaveLength(1)
})

test('a repeat with the same key joins the task in flight', async () => {
  const provider = scripted([{ text: 'once', delayMs: 50 }])
  const asyncv = await started(provider)
  const input = { agent: 'helper', session: 'u', text: 'hi', idempotencyKey: 'k' }
  const [first, second] = await Promise.all([asyncv.send(input), asyncv.send(input)])
  expect(second).toMatchObject({ task: first.task, text: 'once', duplicate: true })
  expect(provider.requests).toHaveLength(1)
})

test('a repeat after the end gets the answer, and the same new session', async () => {
  const asyncv = await started(scripted(['once']))
  const input = { agent: 'helper', text: 'hi', idempotencyKey: 'k' }
  const first = await asyncv.send(input)
  expect(await asyncv.send(input)).toEqual({ ...first, duplicate: true })
})

test('the same key with another body is refused', async () => {
  const asyncv = await started(scripted(['once']))
  await asyncv.send({ agent: 'helper', session: 'u', text: 'hi', idempotencyKey: 'k' })
  const other = asyncv.send({ agent: 'helper', session: 'u', text: 'other', idempotencyKey: 'k' })
  await expect(other).rejects.toMatchObject({ code: 'idempotency_conflict' })
})

test('past its limit the inbox refuses, and what was accepted is answered', async () => {
  const mayAnswer = deferred<void>()
  const model = scripted(async () => {
    await mayAnswer.promise
    return 'ok'
  })
  const asyncv = await started(model, { maxOpenTasks: 2 })
  const accepted = [1, 2].map((n) => asyncv.send({ agent: 'helper', session: `s${n}`, text: 'hi' }))
  await vi.waitFor(() => expect(model.requests).toHaveLength(2))
  await expect(asyncv.send({ agent: 'helper', session: 's3', text: 'hi' })).rejects.toMatchObject({
    code: 'overloaded',
    retryable: true,
  })
  mayAnswer.resolve()
  expect(await Promise.all(accepted)).toHaveLength(2)
})

test('the limit of the inbox holds for messages that come in the same moment', async () => {
  const asyncv = await started(
    scripted(() => ({ text: 'ok', delayMs: 50 })),
    { maxOpenTasks: 3 },
  )
  const messages = Array.from({ length: 20 }, (_, n) => ({ agent: 'helper', session: `s${n}`, text: 'hi' }))
  const outcomes = await Promise.allSettled(messages.map((message) => asyncv.accept(message)))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
})

test('a task has its metadata as they are on disk, whatever becomes of what was passed', async () => {
  const seen: unknown[] = []
  const mayAnswer = deferred<void>()
  const instructions = async ({ metadata }: { metadata: Record<string, unknown> }): Promise<string> => {
    await mayAnswer.promise
    seen.push(metadata)
    return ''
  }
  const asyncv = await started(scripted(['one', 'two']), {
    agents: [{ name: 'helper', model: 'main/m', instructions }],
  })
  const metadata = { at: new Date(0), order: 1 }
  const asked = { agent: 'helper', session: 'u', text: 'hi', metadata }
  // The first runs at once, the second is read from the disk.
  const tasks = [await asyncv.accept(asked), await asyncv.accept(asked)]
  metadata.order = 2
  mayAnswer.resolve()
  for (const { task } of tasks) await asyncv.reply(task)
  expect(seen).toEqual([1, 2].map(() => ({ at: '1970-01-01T00:00:00.000Z', order: 1 })))
})
