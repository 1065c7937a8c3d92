import type { FilePart, ModelEvent, ModelRequest } from 'asyncv'
import { afterEach, expect, test } from 'vitest'
import { openai } from './index.ts'
import { type FakeModel, fakeModel } from './testing/index.ts'

let model: FakeModel | undefined
afterEach(() => model?.close())

function file(name: string, mediaType: string, type: FilePart['type'] = 'file'): FilePart {
  return { type, file: `id of ${name}`, blob: `hash of ${name}`, mediaType, name, size: 3 }
}

async function ask(
  parts: FilePart[],
  readFile?: (part: FilePart) => Promise<Uint8Array | null>,
): Promise<ModelEvent[]> {
  model = await fakeModel()
  const provider = openai({ baseURL: model.url })
  const request: ModelRequest = {
    model: 'fake-model',
    instructions: '',
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'look' }, ...parts] }],
    tools: [],
    maxOutputTokens: 10,
  }
  const call = { signal: new AbortController().signal, key: 'task/1', ...(readFile === undefined ? {} : { readFile }) }
  const events: ModelEvent[] = []
  for await (const event of provider.stream(request, call)) events.push(event)
  await provider.close?.()
  return events
}

test('says files as the protocol does, each read once', async () => {
  const read: string[] = []
  const picture = file('a.png', 'image/png', 'image')
  const events = await ask(
    [
      picture,
      file('b.mp3', 'audio/mpeg', 'audio'),
      file('c.pdf', 'application/pdf'),
      file('d.csv', 'text/csv'),
      picture,
    ],
    async ({ name }) => {
      read.push(name)
      return Buffer.from('abc')
    },
  )
  expect(events.at(-1)).toMatchObject({ type: 'finish' })
  expect(read).toEqual(['a.png', 'b.mp3', 'c.pdf', 'd.csv'])
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,YWJj' } }
  expect(model?.requests[0]?.body.messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'look' },
        image,
        { type: 'input_audio', input_audio: { data: 'YWJj', format: 'mp3' } },
        { type: 'file', file: { filename: 'c.pdf', file_data: 'data:application/pdf;base64,YWJj' } },
        { type: 'text', text: 'File d.csv:\nabc' },
        image,
      ],
    },
  ])
})

test('the model is told of a file that is kept no more', async () => {
  for (const readFile of [async () => null, undefined]) {
    await ask([file('a.png', 'image/png', 'image')], readFile)
    expect(model?.requests[0]?.body.messages[0]?.content).toEqual([
      { type: 'text', text: 'look' },
      { type: 'text', text: '[The file a.png is kept no more.]' },
    ])
    await model?.close()
  }
})

test('a file that cannot be read is a failure that may pass, and no call is made', async () => {
  const events = await ask([file('a.png', 'image/png', 'image')], async () => {
    throw new Error('EIO: i/o error, read')
  })
  expect(events).toEqual([
    {
      type: 'error',
      error: { code: 'provider_unavailable', message: expect.stringContaining('EIO'), retryable: true },
    },
  ])
  expect(model?.requests).toEqual([])
})

test('files that no request can hold are refused, and no call is made', async () => {
  // Longer than the longest string, as text of a request.
  const huge = Buffer.alloc(450 * 1_048_576)
  const events = await ask([file('a.png', 'image/png', 'image')], async () => huge)
  expect(events).toEqual([
    {
      type: 'error',
      error: {
        code: 'provider_refused',
        message: expect.stringContaining('cannot be written'),
        hint: 'If it has files, send fewer or smaller ones at once.',
        retryable: false,
      },
    },
  ])
  expect(model?.requests).toEqual([])
})

test('a request that cannot be written is refused, whatever is in it', async () => {
  const tooLong = (): never => {
    throw new RangeError('Invalid string length')
  }
  const request: ModelRequest = {
    model: 'fake-model',
    instructions: '',
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'look' }] }],
    // Stands for half a gigabyte, which takes seconds to write.
    tools: [{ name: 'look', description: '', inputJsonSchema: { toJSON: tooLong } }],
    maxOutputTokens: 10,
  }
  model = await fakeModel()
  const provider = openai({ baseURL: model.url })
  const events: ModelEvent[] = []
  for await (const event of provider.stream(request, { signal: new AbortController().signal, key: 'task/1' })) {
    events.push(event)
  }
  expect(events).toMatchObject([{ type: 'error', error: { code: 'provider_refused', retryable: false } }])
  expect(model.requests).toEqual([])
  await provider.close?.()
})
