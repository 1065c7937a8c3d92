/** A message that a running task takes up is answered there, and whoever asks for its own task is told what came of it. */
import OpenAI from 'openai'
import { afterEach, beforeEach, expect, test } from 'vitest'
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
