/** A message that a running task takes up is answered there, and whoever asks for its own task is told what came of it. */
import OpenAI from 'openai'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { host2026 } from './mcp/clients.fixture.ts'
import { openSteered, type Steered } from './steered.fixture.ts'

let service: Steered
let client: OpenAI
beforeEach(async () => {
  service = await openSteered()
  client = new OpenAI({ baseURL: `${service.url}/openai/v1`, apiKey: 'none', maxRetries: 0 })
})
afterEach(() => service.close())

const stateOf = async (task: string): Promise<string> => (await service.asyncv.task(task)).state

const ask = (input: string) =>
  client.responses.create({ model: 'busy', input, background: true }, { headers: { 'X-Asyncv-Session': 's' } })

test('a response that another one took up is that one’s, under its own id', async () => {
  await ask('this')
  await service.working
  const { id } = await ask('and this')
  const task = id.replace('resp_', '')
  service.takeUp()
  await expect.poll(() => stateOf(task)).toBe('absorbed')
  expect(await client.responses.retrieve(id)).toMatchObject({ id, status: 'in_progress' })
  service.answer()
  await expect.poll(async () => (await client.responses.retrieve(id)).status).toBe('completed')
  const response = await client.responses.retrieve(id)
  expect(response).toMatchObject({ id, output_text: 'both answered', usage: { total_tokens: 10 } })
  // One that has ended stays as it is.
  expect(await client.responses.cancel(id)).toMatchObject({ id, status: 'completed' })
})

test('a response whose message is given back by a task that is cancelled gets an answer of its own', async () => {
  const first = await ask('this')
  await service.working
  const { id } = await ask('and this')
  service.takeUp()
  await expect.poll(() => stateOf(id.replace('resp_', ''))).toBe('absorbed')
  await client.responses.cancel(first.id)
  await expect.poll(async () => (await client.responses.retrieve(first.id)).status).toBe('cancelled')
  service.answer()
  await expect.poll(async () => (await client.responses.retrieve(id)).status).toBe('completed')
  expect(await stateOf(id.replace('resp_', ''))).toBe('done')
})

test('an MCP host that asks for a task that another one took up gets the answer, and waits for it', async () => {
  const host = await host2026(service.url)
  const call = async (name: string, args: object) =>
    (await host.callTool({ name, arguments: { ...args } })).structuredContent as Record<string, unknown>
  const first = await call('ask_busy', { text: 'this', session: 's', background: true })
  await service.working
  const { task } = await call('ask_busy', { text: 'and this', session: 's', background: true })
  service.takeUp()
  await expect.poll(() => stateOf(String(task))).toBe('absorbed')
  expect(await call('tasks_get', { task })).toMatchObject({ task, state: 'running', into: first['task'] })
  const waiting = call('tasks_get', { task, waitMs: 10_000 })
  service.answer()
  const usage = { inputTokens: 7, outputTokens: 3 }
  const answered = { task, state: 'done', text: 'both answered', into: first['task'], usage }
  expect(await waiting).toMatchObject(answered)
  expect(await call('tasks_cancel', { task })).toMatchObject(answered)
  expect(await call('tasks_get', { task: first['task'] })).not.toHaveProperty('into')
  await host.close()
})

test('who waits for a task that another one took up waits until it is answered there', async () => {
  const accepted = async (text: string) => {
    const response = await service.post('busy', { session: 's', text }, { Prefer: 'respond-async' })
    return ((await response.json()) as { task: string }).task
  }
  const first = await accepted('this')
  await service.working
  const task = await accepted('and this')
  service.takeUp()
  await expect.poll(() => stateOf(task)).toBe('absorbed')
  const waiting = fetch(`${service.url}/v1/tasks/${task}`, { headers: { Prefer: 'wait=10' } })
  expect(await Promise.race([waiting, sleep(100)])).toBeUndefined()
  service.answer()
  expect(await (await waiting).json()).toMatchObject({ id: task, state: 'absorbed', into: first })
  expect(await stateOf(first)).toBe('done')
})

test('who leaves does not take the answer away from a message that its task took up', async () => {
  const leaving = new AbortController()
  const first = fetch(`${service.url}/v1/agents/busy/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ session: 's', text: 'this', onDisconnect: 'cancel' }),
    signal: leaving.signal,
  })
  await service.working
  const second = service.post('busy', { session: 's', text: 'and this' })
  const states = async () => (await service.asyncv.tasks()).data.map(({ state }) => state).sort()
  await expect.poll(states).toHaveLength(2)
  service.takeUp()
  await expect.poll(states).toEqual(['absorbed', 'running'])
  leaving.abort()
  await expect(first).rejects.toThrow()
  // Were the task cancelled with it, it would be by then.
  await sleep(100)
  service.answer()
  expect(await (await second).json()).toMatchObject({ reply: { text: 'both answered' } })
  expect(await states()).toEqual(['absorbed', 'done'])
})
