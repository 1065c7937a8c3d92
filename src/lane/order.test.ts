import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Asyncv } from '../api.ts'
import { down, count, runtimes } from '../testing/runtimes.fixture.ts'
import { scripted } from '../testing/scripted.ts'

const { started } = runtimes()

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
