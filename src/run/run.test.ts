import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Asyncv } from '../api.ts'
import type { Provider, ProviderError } from '../provider.ts'
import { count, down, runtimes } from '../testing/runtimes.fixture.ts'
import { scripted } from '../testing/scripted.ts'
import { defineTool } from '../tool.ts'

const { started, freshFile } = runtimes()

test('tool calls of one step run side by side', async () => {
  let running = 0
  let most = 0
  const tool = count('read', async () => {
    most = Math.max(most, ++running)
    await sleep(20)
    running--
  })
  const call = { name: 'count', args: { by: 1 } }
  const asyncv = await started(scripted([{ toolCalls: [call, call, call] }, 'done']), {
    agents: [{ name: 'helper', model: 'main/m', tools: [tool] }],
  })
  await asyncv.send({ agent: 'helper', session: 'u', text: 'go' })
  expect(most).toBe(3)
})

test('wrong arguments become a result that says what was wrong', async () => {
  const provider = scripted([{ toolCalls: [{ name: 'count', args: { by: 'x' } }] }, 'sorry'])
  const asyncv = await started(provider, {
    agents: [{ name: 'helper', model: 'main/m', tools: [count('read', () => 1)] }],
  })
  await asyncv.send({ agent: 'helper', session: 'u', text: 'go' })
  const result = provider.requests[1]?.messages.at(-1)?.parts[0]
  expect(result).toMatchObject({ type: 'tool-result', isError: true, result: expect.stringContaining('by:') })
})

test('a failed model call is tried again, and the stream says that it starts over', async () => {
  const provider = scripted([{ text: 'half', error: { ...down, retryable: true } }, 'whole'])
  const asyncv = await started(provider)
  const types: string[] = []
  for await (const event of asyncv.stream({ agent: 'helper', session: 'u', text: 'hi' })) types.push(event.type)
  expect(types).toEqual(['task.accepted', 'text.delta', 'text.reset', 'text.delta', 'task.finished'])
})

test('a failed task rejects with its task and leaves a turn with a note', async () => {
  const asyncv = await started(scripted([{ error: { ...down, code: 'provider_quota' } }]))
  const failed = await asyncv.send({ agent: 'helper', session: 'u', text: 'hi' }).catch((error: unknown) => error)
  expect(failed).toMatchObject({ code: 'provider_quota', task: expect.any(String) })
  const { session } = await asyncv.task((failed as { task: string }).task)
  const [turn] = await asyncv.history(session)
  expect(turn?.messages.at(-1)?.parts[0]).toMatchObject({ text: expect.stringContaining('No answer') })
})

test('a provider that ignores its signal is left behind: by a cancel, by wall time and by a stop', async () => {
  const late: string[] = []
  const provider: Provider = {
    async *stream() {
      yield { type: 'text.delta', text: 'never heard ' }
      await sleep(1_500)
      try {
        yield { type: 'text.delta', text: 'too late' }
        late.push('was asked for more')
      } finally {
        late.push('was let go')
        await Promise.reject(new Error('from a provider that nobody waits for'))
      }
    },
  }
  const limited = { name: 'limited', model: 'main/m', limits: { wallMs: 30 } }
  const agents = [{ name: 'helper', model: 'main/m' }, limited]
  const asyncv = await started(provider, { agents })
  const begun = Date.now()
  const { task } = await asyncv.accept({ agent: 'helper', text: 'hi' })
  await expect.poll(async () => (await asyncv.task(task)).state).toBe('running')
  await asyncv.cancel(task)
  await expect(asyncv.reply(task)).rejects.toMatchObject({ code: 'cancelled' })
  await expect(asyncv.send({ agent: 'limited', text: 'hi' })).rejects.toMatchObject({ code: 'limit_reached' })
  await asyncv.accept({ agent: 'helper', text: 'hi' })
  await asyncv.stop({ drainMs: 10 })
  expect(Date.now() - begun).toBeLessThan(1_400)
  await expect.poll(() => late, { timeout: 5_000 }).toEqual(['was let go', 'was let go', 'was let go'])
})

test('a finished step is read back, not run again', async () => {
  const file = freshFile()
  let ran = 0
  const tool = count('once', () => ++ran)
  const agents = [{ name: 'helper', model: 'main/m', tools: [tool] }]
  const first = await started(
    scripted([{ toolCalls: [{ name: 'count', args: { by: 1 } }] }, { text: 'never', delayMs: 60_000 }]),
    {
      file,
      agents,
    },
  )
  const { task } = await first.accept({ agent: 'helper', session: 'u', text: 'hi' })
  await sleep(50)
  await first.stop({ drainMs: 0 })
  const provider = scripted(['finished'])
  const second = await started(provider, { file, agents })
  expect(await second.reply(task)).toMatchObject({ text: 'finished' })
  expect(ran).toBe(1)
  expect(provider.requests[0]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool'])
})

test('a once call that was cut asks reconcile before anything is done twice', async () => {
  const file = freshFile()
  let ran = 0
  let asked = ''
  const tool = defineTool({
    name: 'count',
    description: 'Counts',
    input: z.object({ by: z.number() }),
    effect: 'once',
    run: async ({ signal }) => {
      ran++
      await sleep(60_000, null, { signal })
    },
    reconcile: ({ key }) => {
      asked = key
      return { state: 'done', result: 41 }
    },
  })
  const agents = [{ name: 'helper', model: 'main/m', tools: [tool] }]
  const first = await started(scripted([{ toolCalls: [{ name: 'count', args: { by: 1 } }] }]), { file, agents })
  const { task } = await first.accept({ agent: 'helper', session: 'u', text: 'hi' })
  await sleep(50)
  await first.stop({ drainMs: 0 })
  const provider = scripted(['finished'])
  const second = await started(provider, { file, agents })
  await second.reply(task)
  expect({ ran, asked }).toEqual({ ran: 1, asked: `${task}/2` })
  expect(provider.requests[0]?.messages.at(-1)?.parts[0]).toMatchObject({ result: 41 })
})

test('a once call is not made again when reconcile says anything but that it was not done', async () => {
  const file = freshFile()
  let ran = 0
  const forever = new Promise<never>(() => {})
  const tool = {
    ...count('once', () => (++ran === 1 ? forever : 'done')),
    // As code without types may say it.
    reconcile: async () => ({ state: 'pending' }) as never,
  }
  const agents = [{ name: 'helper', model: 'main/m', tools: [tool] }]
  const first = await started(scripted([{ toolCalls: [{ name: 'count', args: { by: 1 } }] }]), { file, agents })
  const { task } = await first.accept({ agent: 'helper', session: 'u', text: 'hi' })
  await expect.poll(() => ran).toBe(1)
  await first.stop({ drainMs: 0 })
  const second = await started(scripted(['finished']), { file, agents })
  await second.reply(task)
  expect(ran).toBe(1)
  expect((await second.steps(task)).find(({ kind }) => kind === 'tool')).toMatchObject({ state: 'unknown' })
})

test('limits end a task visibly', async () => {
  const call = { toolCalls: [{ name: 'count', args: { by: 1 } }] }
  const asyncv = await started(
    scripted(() => call),
    {
      agents: [{ name: 'helper', model: 'main/m', tools: [count('read', () => 1)], limits: { modelCalls: 3 } }],
    },
  )
  const task = asyncv.send({ agent: 'helper', session: 'u', text: 'loop' })
  await expect(task).rejects.toMatchObject({ code: 'limit_reached', message: expect.stringContaining('modelCalls') })
})

test('wall time reaches a model that does not answer', async () => {
  const asyncv = await started(scripted([{ text: 'late', delayMs: 60_000 }]), {
    agents: [{ name: 'helper', model: 'main/m', limits: { wallMs: 30 } }],
  })
  await expect(asyncv.send({ agent: 'helper', session: 'u', text: 'hi' })).rejects.toMatchObject({
    code: 'limit_reached',
  })
})

test('a model that wants hours of patience gives way to the next one', async () => {
  const limited: ProviderError = {
    code: 'provider_limited',
    message: 'later',
    retryable: true,
    retryAfterMs: 7_200_000,
  }
  const asyncv = await started(scripted([{ error: limited }]), {
    providers: { main: scripted([{ error: limited }]), other: scripted(['from the other']) },
    agents: [{ name: 'helper', model: ['main/m', 'other/m'] }],
  })
  expect((await asyncv.send({ agent: 'helper', text: 'hi' })).text).toBe('from the other')
})

test('an answer of nothing fails, and a retry does not send it back', async () => {
  const provider = scripted([{ text: '' }, 'something'])
  const asyncv = await started(provider)
  const failed = await asyncv.send({ agent: 'helper', text: 'hi' }).catch((error: { task: string }) => error)
  await asyncv.retry((failed as { task: string }).task)
  await expect.poll(() => provider.requests.length).toBe(2)
  expect(provider.requests[1]?.messages.map(({ role }) => role)).toEqual(['user'])
})

test('what was taken up and answered with nothing is remembered with the task that failed', async () => {
  let ran = 0
  const tools = [
    count('read', () => {
      ran++
      return sleep(50)
    }),
  ]
  const model = scripted([{ toolCalls: [{ name: 'count', args: { by: 1 } }] }, { text: '' }])
  const asyncv = await started(model, { agents: [{ name: 'helper', model: 'main/m', tools }] })
  const asked = { agent: 'helper', session: 'u', whenBusy: 'steer' } as const
  const { task } = await asyncv.accept({ ...asked, text: 'one' })
  await expect.poll(() => ran).toBe(1)
  const { task: taken } = await asyncv.accept({ ...asked, text: 'two' })
  await expect(asyncv.reply(task)).rejects.toMatchObject({ code: 'provider_refused' })
  const { state, session } = await asyncv.task(taken)
  expect(state).toBe('absorbed')
  const [turn] = await asyncv.history(session)
  expect(turn?.messages.flatMap(({ parts }) => parts)).toMatchObject([
    { text: 'one' },
    { text: 'two' },
    { text: expect.stringContaining('the task failed') },
  ])
})

test('a tool does not start once its task is cancelled, though its row is on disk', async () => {
  let runs = 0
  const provider = scripted([{ toolCalls: [{ name: 'count', args: { by: 1 } }] }, 'done'])
  const asyncv: Asyncv = await started(provider, {
    tools: [count('once', () => ++runs)],
    agents: [{ name: 'helper', model: 'main/m', tools: ['count'] }],
    async hook(point) {
      if (point !== 'storage.journal:after') return
      const [task] = (await asyncv.tasks()).data
      await asyncv.cancel(task?.id ?? '')
    },
  })
  await expect(asyncv.send({ agent: 'helper', text: 'count' })).rejects.toMatchObject({ code: 'cancelled' })
  expect(runs).toBe(0)
})

test('a task whose end cannot be written fails visibly, and its session goes on', async () => {
  let broken = true
  const asyncv = await started(
    scripted(() => 'fine'),
    {
      hook(point) {
        if (point !== 'storage.finish:before' || !broken) return
        broken = false
        throw new TypeError('a defect')
      },
    },
  )
  const asked = { agent: 'helper', session: 's', text: 'hi' }
  await expect(asyncv.send(asked)).rejects.toMatchObject({ code: 'internal' })
  expect((await asyncv.send(asked)).text).toBe('fine')
})

test('usage that is no count is no usage', async () => {
  const provider = scripted(() => ({ text: 'fine', usage: { inputTokens: Number.NaN, outputTokens: 1.5 } }))
  const asyncv = await started(provider)
  const { usage } = await asyncv.send({ agent: 'helper', text: 'hi' })
  expect(usage).toEqual({ inputTokens: 0, outputTokens: expect.any(Number) })
})
