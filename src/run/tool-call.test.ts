import type { StandardSchemaV1 } from '@standard-schema/spec'
import { expect, onTestFinished, test } from 'vitest'
import type { Asyncv } from '../api.ts'
import { createAsyncv } from '../asyncv.ts'
import { sqlite } from '../sqlite/index.ts'
import { scripted } from '../testing/scripted.ts'
import { defineTool } from '../tool.ts'

type Validate = StandardSchemaV1.Props['validate']

/** A runtime whose model calls a tool, the input of which is checked so. */
async function calling(validate: Validate, wallMs = 60_000) {
  const calls: unknown[] = []
  const tool = defineTool({
    name: 'look',
    description: 'Looks something up',
    input: { '~standard': { version: 1, vendor: 'test', validate } },
    inputJsonSchema: { type: 'object' },
    effect: 'read',
    run: ({ input }) => calls.push(input),
  })
  const model = scripted([{ toolCalls: [{ name: 'look', args: { at: 1 } }] }, 'It could not be looked up.'])
  const asyncv: Asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    providers: { model },
    agents: [{ name: 'helper', model: 'model/m', tools: [tool], limits: { wallMs } }],
  })
  await asyncv.start()
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  return { asyncv, calls }
}

const forever = new Promise<never>(() => {})

test('a check of the arguments that throws is a problem told to the model, and the task goes on', async () => {
  for (const validate of [
    () => {
      throw new Error('no dictionary')
    },
    () => Promise.reject(new Error('no dictionary')),
  ]) {
    const { asyncv, calls } = await calling(validate)
    const { task, text } = await asyncv.send({ agent: 'helper', text: 'hi' })
    expect(text).toBe('It could not be looked up.')
    expect((await asyncv.steps(task)).find(({ kind }) => kind === 'tool')?.result).toMatchObject({
      isError: true,
      result: 'The arguments of look could not be checked: no dictionary',
    })
    expect(calls).toEqual([])
  }
})

test('a check of the arguments that takes its time is waited for', async () => {
  const { asyncv, calls } = await calling(async (value) => {
    await new Promise(setImmediate)
    return { value }
  })
  await asyncv.send({ agent: 'helper', text: 'hi' })
  expect(calls).toEqual([{ at: 1 }])
})

test('a check of the arguments that hangs is ended by a cancel', async () => {
  let begun = false
  const { asyncv } = await calling(() => {
    begun = true
    return forever
  })
  const { task } = await asyncv.accept({ agent: 'helper', text: 'hi' })
  await expect.poll(() => begun).toBe(true)
  await asyncv.cancel(task)
  await expect.poll(async () => (await asyncv.task(task)).state).toBe('cancelled')
})

test('a check of the arguments that hangs is ended by the time limit of the run', async () => {
  const { asyncv } = await calling(() => forever, 100)
  const { task } = await asyncv.accept({ agent: 'helper', text: 'hi' })
  await expect.poll(async () => (await asyncv.task(task)).error?.code).toBe('limit_reached')
})

test('a check of the arguments that hangs is left by a stop in a hurry', async () => {
  let begun = false
  const { asyncv } = await calling(() => {
    begun = true
    return forever
  })
  await asyncv.accept({ agent: 'helper', text: 'hi' })
  await expect.poll(() => begun).toBe(true)
  const stopped = asyncv.stop({ drainMs: 0 }).then(() => 'stopped')
  expect(await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, 2_000, 'hangs'))])).toBe('stopped')
})
