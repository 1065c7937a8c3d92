import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { Asyncv } from './api.ts'
import { createAsyncv } from './asyncv.ts'
import { AsyncvError } from './errors.ts'
import { type Connector, SendError } from './connector.ts'
import { deferred } from './internal/deferred.ts'
import type { AsyncvOptions } from './options.ts'
import type { Provider, ProviderError } from './provider.ts'
import { sqlite } from './sqlite/index.ts'
import { fakeConnector } from './testing/fake-connector.ts'
import { scripted } from './testing/scripted.ts'
import { defineTool } from './tool.ts'

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function freshFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-'))
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'asyncv.db')
}

async function started(provider: Provider, more: Partial<AsyncvOptions> & { file?: string } = {}): Promise<Asyncv> {
  const { file = ':memory:', ...options } = more
  const asyncv = createAsyncv({
    storage: sqlite(file),
    providers: { main: provider },
    agents: [{ name: 'helper', model: 'main/m' }],
    modelCalls: { backoffMs: 1 },
    ...options,
  })
  await asyncv.start()
  cleanups.push(() => asyncv.stop({ drainMs: 0 }))
  return asyncv
}

const down: ProviderError = { code: 'provider_unavailable', message: 'down for the test', retryable: false }

const count = (effect: 'read' | 'idempotent' | 'once', run: () => unknown) =>
  defineTool({ name: 'count', description: 'Counts', input: z.object({ by: z.number() }), effect, run })

test('answers a message', async () => {
  const asyncv = await started(scripted(['hello']))
  const reply = await asyncv.send({ agent: 'helper', session: 'u', text: 'hi' })
  expect(reply).toMatchObject({ text: 'hello', session: 'u', duplicate: false })
})

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

test('in one session one task runs at a time, in the order of the messages', async () => {
  let running = 0
  const seen: string[] = []
  const provider = scripted(async ({ messages }) => {
    expect(++running).toBe(1)
    await sleep(5)
    running--
    const said = messages.at(-1)?.parts[0]
    seen.push(said?.type === 'text' ? said.text : '')
    return 'ok'
  })
  const asyncv = await started(provider)
  const texts = Array.from({ length: 10 }, (_, n) => `m${n}`)
  await Promise.all(texts.map((text) => asyncv.send({ agent: 'helper', session: 'u', text })))
  expect(seen).toEqual(texts)
})

test('one session with many messages does not starve ten others', async () => {
  const starts: string[] = []
  const provider = scripted(async ({ messages }) => {
    const said = messages.at(-1)?.parts[0]
    starts.push(said?.type === 'text' ? said.text : '')
    await sleep(1)
    return 'ok'
  })
  const asyncv = await started(provider, { width: 1 })
  const heavy = Array.from({ length: 100 }, () => asyncv.send({ agent: 'helper', session: 'heavy', text: 'heavy' }))
  const light = Array.from({ length: 10 }, (_, n) =>
    asyncv.send({ agent: 'helper', session: `light${n}`, text: 'light' }),
  )
  await Promise.all(light)
  expect(starts.slice(0, 12).filter((text) => text === 'light')).toHaveLength(10)
  await Promise.all(heavy)
})

test('steer: the running task takes the message up before its next model call', async () => {
  const provider = scripted([{ toolCalls: [{ name: 'count', args: { by: 1 } }] }, 'both answered'])
  let asyncv: Asyncv | null = null
  let second: Promise<unknown> = Promise.resolve()
  const tool = count('read', async () => {
    second = (asyncv as Asyncv).send({ agent: 'helper', session: 'u', text: 'and this', whenBusy: 'steer' })
    await sleep(30)
    return 1
  })
  asyncv = await started(provider, { agents: [{ name: 'helper', model: 'main/m', tools: [tool] }] })
  const first = await asyncv.send({ agent: 'helper', session: 'u', text: 'this' })
  expect(await second).toMatchObject({ text: 'both answered' })
  expect(provider.requests[1]?.messages.at(-1)).toEqual({ role: 'user', parts: [{ type: 'text', text: 'and this' }] })
  const { data } = await asyncv.tasks()
  expect(data.find(({ id }) => id !== first.task)).toMatchObject({ state: 'absorbed', into: first.task })
})

test('a message taken up by a task that fails before it saw it gets its own answer', async () => {
  let asyncv: Asyncv | null = null
  let second: Promise<unknown> = Promise.resolve()
  const provider = scripted((_, n) =>
    n === 1 ? { toolCalls: [{ name: 'count', args: { by: 1 } }] } : n === 2 ? { error: down } : 'its own answer',
  )
  const tool = count('read', async () => {
    second = (asyncv as Asyncv).send({ agent: 'helper', session: 'u', text: 'and this', whenBusy: 'steer' })
    await sleep(30)
  })
  asyncv = await started(provider, { agents: [{ name: 'helper', model: 'main/m', tools: [tool] }] })
  await expect(asyncv.send({ agent: 'helper', session: 'u', text: 'this' })).rejects.toMatchObject({
    code: 'provider_unavailable',
  })
  const { task } = (await second) as { task: string }
  expect(await second).toMatchObject({ text: 'its own answer' })
  const { session } = await asyncv.task(task)
  const said = (await asyncv.history(session)).flatMap(({ messages }) => messages.filter(({ role }) => role === 'user'))
  expect(said.map(({ parts }) => parts[0])).toMatchObject([{ text: 'this' }, { text: 'and this' }])
})

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

test('retry runs a failed task again and replaces its turn', async () => {
  const asyncv = await started(scripted([{ error: down }, 'now']))
  const failed = await asyncv
    .send({ agent: 'helper', session: 'u', text: 'hi' })
    .catch((error: { task: string }) => error)
  const { id, session } = await asyncv.retry((failed as { task: string }).task)
  expect(await asyncv.reply(id)).toMatchObject({ text: 'now' })
  expect(await asyncv.history(session)).toHaveLength(1)
})

test('stop past its drain hands a running task back, and the next start finishes it', async () => {
  const file = freshFile()
  const first = await started(scripted([{ text: 'never', delayMs: 60_000 }]), { file })
  const { task } = await first.accept({ agent: 'helper', session: 'u', text: 'hi' })
  await sleep(10)
  await first.stop({ drainMs: 10 })
  const second = await started(scripted(['after all']), { file })
  expect(await second.reply(task)).toMatchObject({ text: 'after all' })
  expect(await second.task(task)).toMatchObject({ attempt: 2, crashes: 0 })
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

test('two commits a message', async () => {
  const asyncv = await started(
    scripted(() => 'ok'),
    { file: freshFile() },
  )
  const before = (await asyncv.stats()).commits.commits
  for (let n = 0; n < 10; n++) await asyncv.send({ agent: 'helper', session: 'u', text: 'hi' })
  expect((await asyncv.stats()).commits.commits - before).toBe(20)
})

test('the timeline tells what happened', async () => {
  const asyncv = await started(scripted(['hello']))
  const { message } = await asyncv.send({ agent: 'helper', session: 'u', text: 'hi', idempotencyKey: 'k' })
  const { entries, dedupe } = await asyncv.timeline(message)
  expect(entries.map(({ what }) => what)).toEqual([
    'message.received',
    'task.started',
    'step.started',
    'step.finished',
    'task.ended',
  ])
  expect(dedupe).toMatchObject({ key: 'k' })
})

test('everything wrong with the options is told at once', () => {
  const build = (): unknown =>
    createAsyncv({
      agents: [
        { name: 'a', model: 'nowhere/m' },
        { name: 'a', model: 'offline/demo', tools: ['abacus'] },
      ],
      routes: [{ connector: 'tg', agent: 'b' }],
    })
  expect(build).toThrow(/names no provider[\s\S]*Two of the same name|Two of the same name[\s\S]*unknown tool/)
  expect(build).toThrow(/unknown connector "tg"/)
})

test('a runtime can be started again after a stop, and at once', async () => {
  const chat = fakeConnector()
  const asyncv = await started(scripted(['one', 'two']), { file: freshFile(), connectors: { chat } })
  await chat.say('ada', 'hello')
  expect((await chat.next('ada')).text).toBe('one')
  const stopped = asyncv.stop()
  await asyncv.start()
  await stopped
  await chat.say('ada', 'again')
  expect((await chat.next('ada')).text).toBe('two')
})

test('a post is cut to what the platform takes, and its key stands for one text', async () => {
  const chat = fakeConnector({ textLimit: 10 })
  const asyncv = await started(scripted([]), { connectors: { chat } })
  const post = { connector: 'chat', conversation: 'ada', idempotencyKey: 'k' }
  await asyncv.post({ ...post, text: 'five words that are many' })
  await chat.next('ada', ({ text }) => text.includes('many'))
  expect(chat.sent.map(({ text }) => text).every(({ length }) => length <= 10)).toBe(true)
  await asyncv.post({ ...post, text: 'five words that are many' })
  await expect(asyncv.post({ ...post, text: 'other' })).rejects.toMatchObject({ code: 'idempotency_conflict' })
  // Longer words under the same key, too: not even what would be new of them is said.
  const longer = { ...post, text: 'five words that are many and more of them' }
  await expect(asyncv.post(longer)).rejects.toMatchObject({ code: 'idempotency_conflict' })
  await expect(asyncv.post({ ...post, text: '  ' })).rejects.toMatchObject({ code: 'input_invalid' })
  expect(chat.shown('ada')).toHaveLength(chat.sent.length)
})

test('the key of a post never stands for a piece of another one', async () => {
  const chat = fakeConnector({ textLimit: 10 })
  const asyncv = await started(scripted([]), { connectors: { chat } })
  const post = { connector: 'chat', conversation: 'ada' }
  await asyncv.post({ ...post, idempotencyKey: 'order', text: 'in several pieces' })
  await asyncv.post({ ...post, idempotencyKey: 'order/1', text: 'another' })
  await asyncv.post({ ...post, idempotencyKey: '1/order', text: 'and one' })
  await chat.next('ada', ({ text }) => text === 'and one')
  expect(chat.sent.map(({ text }) => text)).toEqual(['in several', 'pieces', 'another', 'and one'])
})

test.each([
  ['of nothing', ''],
  ['without an end', 'k'.repeat(201)],
  ['that is no text', 7 as unknown as string],
])('a post with a key %s is refused', async (_, key) => {
  const asyncv = await started(scripted([]), { connectors: { chat: fakeConnector() } })
  const post = { connector: 'chat', conversation: 'ada', text: 'hi', idempotencyKey: key }
  await expect(asyncv.post(post)).rejects.toMatchObject({ code: 'input_invalid', hint: 'Give 1 to 200 characters.' })
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

test('many chats at once keep to what the platform takes in a second', async () => {
  const pace = { perConversationMs: 0, perGroupPerMinute: 0, perSecond: 5, isGroup: () => false }
  const chat = fakeConnector({ pace })
  await started(
    scripted(() => 'hi'),
    { connectors: { chat } },
  )
  const people = Array.from({ length: 12 }, (_, index) => `person ${index}`)
  await Promise.all(people.map((person) => chat.say(person, 'hello')))
  await expect.poll(() => chat.sent.length, { timeout: 10_000 }).toBe(12)
  const times = chat.sent.map(({ at }) => at)
  // The sixth comes a second after the first; a timer may be some ms early by the other clock.
  for (const [index, at] of times.entries()) expect((times[index + 5] ?? at + 1_000) - at).toBeGreaterThan(980)
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

test('what waits behind a send is sent, also when its outcome reaches the disk late', async () => {
  const chat = fakeConnector()
  let full = true
  const asyncv = await started(scripted([]), {
    connectors: { chat },
    hook(point) {
      if (point !== 'storage.settle:before' || !full) return
      full = false
      throw new AsyncvError('storage_failed', 'The disk is full.', { retryable: true })
    },
  })
  await Promise.all(['one', 'two'].map((text) => asyncv.post({ connector: 'chat', conversation: 'ada', text })))
  await chat.next('ada', ({ text }) => text === 'two')
  expect(chat.sent.map(({ text }) => text)).toEqual(['one', 'two'])
})

test('a second stop hastens the first', async () => {
  const asyncv = await started(scripted([{ text: 'late', delayMs: Infinity }]))
  const { task } = await asyncv.accept({ agent: 'helper', text: 'hi' })
  await expect.poll(async () => (await asyncv.task(task)).state).toBe('running')
  const begun = Date.now()
  const stopped = asyncv.stop()
  await asyncv.stop({ drainMs: 0 })
  await stopped
  expect(Date.now() - begun).toBeLessThan(2_000)
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

test('an observer that rejects changes nothing', async () => {
  const lines: string[] = []
  const note = (_: object, message: string): void => void lines.push(message)
  const logger = { debug: note, info: note, warn: note, error: note }
  const asyncv = await started(scripted(['fine']), { logger })
  asyncv.on('task.finished', async () => {
    throw new Error('from the observer')
  })
  expect((await asyncv.send({ agent: 'helper', text: 'hi' })).text).toBe('fine')
  await expect.poll(() => lines).toContain('an observer threw')
})

test('a stop in a hurry cuts what a platform does not answer', async () => {
  const chat = fakeConnector({ streaming: { placeholderAfterMs: 1, placeholder: '…' } })
  const silent = { ...chat, send: (_: unknown, { signal }: { signal: AbortSignal }) => never(signal) }
  const asyncv = await started(scripted([{ text: 'late', delayMs: 100 }]), { connectors: { silent } })
  await chat.say('ada', 'hello')
  await sleep(50)
  const begun = Date.now()
  await asyncv.stop({ drainMs: 100 })
  expect(Date.now() - begun).toBeLessThan(2_000)
})

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}

test('a connector that ignores its signal is left behind: what it was sending is uncertain, and a stop ends', async () => {
  const chat = fakeConnector()
  const deaf = { ...chat, send: () => new Promise<never>(() => {}) }
  const outbox = { sendTimeoutMs: 50, onUncertain: 'hold' } as const
  const asyncv = await started(scripted([]), { connectors: { deaf }, outbox })
  const { id } = await asyncv.post({ connector: 'deaf', conversation: 'ada', text: 'hi' })
  await expect.poll(async () => (await asyncv.delivery(id)).state, { timeout: 5_000 }).toBe('held')
  expect(await asyncv.delivery(id)).toMatchObject({ uncertainCount: 1 })
  await asyncv.post({ connector: 'deaf', conversation: 'ada', text: 'and another' })
  await asyncv.stop({ drainMs: 10 })
})

test('a connector that says what became of a send that was cut is believed', async () => {
  const chat = fakeConnector()
  const slow = {
    ...chat,
    async send(_: unknown, { signal }: { signal: AbortSignal }): Promise<never> {
      await never(signal).catch(() => sleep(20))
      throw new SendError({ type: 'not-sent', message: 'It was still waiting for a connection.' })
    },
  }
  const asyncv = await started(scripted([]), { connectors: { slow }, outbox: { sendTimeoutMs: 50 } })
  const { id } = await asyncv.post({ connector: 'slow', conversation: 'ada', text: 'hi' })
  await expect.poll(async () => (await asyncv.delivery(id)).state, { timeout: 5_000 }).toBe('retrying')
  expect(await asyncv.delivery(id)).toMatchObject({ uncertainCount: 0 })
})

test('an edit that the platform is slow to take delays no commit, and is not overtaken by the answer', async () => {
  const chat = fakeConnector({ streaming: { placeholderAfterMs: 1, placeholder: '…' } })
  let release = (): void => {}
  let edits = 0
  const slow: Connector = {
    ...chat,
    async send(operation, call) {
      if (operation.type === 'edit' && ++edits === 1) {
        await new Promise<void>((resolve) => {
          release = resolve
        })
      }
      return chat.send(operation, call)
    },
  }
  const provider = scripted([{ text: ['Here it', ' is, at last.'], delayMs: 800 }])
  const asyncv = await started(provider, { connectors: { slow } })
  const { task } = await chat.say('ada', 'hello')
  await expect.poll(() => edits, { timeout: 5_000 }).toBe(1)
  await expect.poll(async () => (await asyncv.task(task ?? '')).state, { timeout: 5_000 }).toBe('done')
  await sleep(50)
  expect(chat.sent.map(({ text }) => text)).toEqual(['…'])
  release()
  await chat.next('ada', ({ text }) => text === 'Here it is, at last.')
  expect(chat.sent.map(({ text }) => text)).toEqual(['…', 'Here it', 'Here it is, at last.'])
})

test('an answer that is written while its connector is away is cut to what platforms take', async () => {
  const file = freshFile()
  const chat = fakeConnector({ textLimit: 600 })
  const first = await started(scripted([{ text: 'never', delayMs: Infinity }]), { file, connectors: { chat } })
  const { task = '' } = await chat.say('ada', 'tell me all')
  await expect.poll(async () => (await first.task(task ?? '')).state).toBe('running')
  await first.stop({ drainMs: 0 })
  const text = Array.from({ length: 900 }, (_, n) => `word${n}`).join(' ')
  const second = await started(scripted([text]), { file })
  expect((await second.reply(task ?? '')).text).toBe(text)
  await second.stop()
  await started(scripted([]), { file, connectors: { chat } })
  await chat.next('ada', (sent) => sent.text.endsWith('word899'))
  expect(chat.sent.map((sent) => sent.text).join(' ')).toBe(text)
  expect(Math.max(...chat.sent.map((sent) => sent.text.length))).toBeLessThanOrEqual(600)
})

test('a placeholder has a key of its own, so that nobody takes it for the answer', async () => {
  const chat = fakeConnector({ streaming: { placeholderAfterMs: 1, placeholder: '…' } })
  await started(scripted([{ text: 'the answer', delayMs: 100 }]), { connectors: { chat } })
  await chat.say('ada', 'hello')
  await chat.next('ada', ({ text }) => text === 'the answer')
  const [first, last] = [chat.sent[0], chat.sent.at(-1)]
  expect(first?.key).toBe(`${last?.key}/placeholder`)
  expect(chat.shown('ada')).toHaveLength(1)
})

test.each([
  [
    'that cannot connect',
    () => ({ ...fakeConnector({ account: 'fake:2' }), start: () => Promise.reject(new Error('no')) }),
  ],
  ['of the same account', () => fakeConnector()],
])('a start that fails by a connector %s ends, though another one brings messages', async (_, second) => {
  const chat = fakeConnector()
  const said = chat.say('ada', 'hello')
  const provider = scripted([{ text: 'hi' }])
  const file = freshFile()
  await expect(started(provider, { file, connectors: { chat, second: second() }, routes })).rejects.toThrow()
  // Nothing is lost by it: the platform offers it again.
  await started(provider, { file, connectors: { chat } })
  await said
  expect((await chat.next('ada')).text).toBe('hi')
})

const routes = [
  { connector: 'chat', agent: 'helper' },
  { connector: 'second', agent: 'helper' },
]
