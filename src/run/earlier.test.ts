import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createAsyncv } from '../asyncv.ts'
import type { ModelMessage } from '../message.ts'
import type { Provider } from '../provider.ts'
import { sqlite } from '../sqlite/index.ts'

const history = [
  { role: 'user', text: 'My name is Ada.' },
  { role: 'assistant', text: 'Hello, Ada.' },
] as const

function listening(): Provider & { heard: string[][] } {
  const heard: string[][] = []
  return {
    heard,
    async *stream({ messages }: { messages: readonly ModelMessage[] }) {
      heard.push(
        messages.map(
          ({ role, parts }) => `${role}: ${parts.map((part) => ('text' in part ? part.text : '')).join('')}`,
        ),
      )
      yield { type: 'text.delta', text: 'Yes.' }
      yield { type: 'finish', reason: 'stop' }
    },
  }
}

function open(model: Provider, storage = sqlite(':memory:'), instructions?: (context: object) => string) {
  const asyncv = createAsyncv({
    storage,
    providers: { main: model },
    agents: [{ name: 'helper', model: 'main/m', ...(instructions === undefined ? {} : { instructions }) }],
  })
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  return asyncv
}

test('a conversation begins with what was said before, and remembers it', async () => {
  const model = listening()
  const contexts: object[] = []
  const asyncv = open(model, sqlite(':memory:'), (context) => {
    contexts.push(context)
    return 'Be brief.'
  })
  await asyncv.start()
  const { session } = await asyncv.send({ agent: 'helper', text: 'Who am I?', history })
  await asyncv.send({ agent: 'helper', text: 'Sure?', session })
  const first = ['user: My name is Ada.', 'assistant: Hello, Ada.', 'user: Who am I?']
  expect(model.heard).toEqual([first, [...first, 'assistant: Yes.', 'user: Sure?']])
  expect(contexts.map((context) => 'earlier' in context)).toEqual([false, false])
})

test('what was said before is there after a restart, for a task that had not begun', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-earlier-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const storage = sqlite(join(folder, 'a.db'))
  const deaf: Provider = {
    async *stream(_, { signal }) {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    },
  }
  const before = open(deaf, storage)
  await before.start()
  const { task } = await before.accept({ agent: 'helper', text: 'Who am I?', history })
  await before.stop({ drainMs: 0 })
  const model = listening()
  const after = open(model, storage)
  await after.start()
  await after.reply(task)
  expect(model.heard).toEqual([['user: My name is Ada.', 'assistant: Hello, Ada.', 'user: Who am I?']])
})

test('a conversation whose first task failed keeps what was said before and what was asked', async () => {
  const model = listening()
  let fails = true
  const asyncv = open({
    async *stream(request, call) {
      if (!fails) return yield* model.stream(request, call)
      fails = false
      yield { type: 'error', error: { code: 'provider_refused', message: 'No.', retryable: false } }
    },
  })
  await asyncv.start()
  const accepted = await asyncv.accept({ agent: 'helper', text: 'Who am I?', history })
  await expect(asyncv.reply(accepted.task)).rejects.toMatchObject({ code: 'provider_refused' })
  await asyncv.send({ agent: 'helper', text: 'And now?', session: accepted.session })
  expect(model.heard).toEqual([
    [
      'user: My name is Ada.',
      'assistant: Hello, Ada.',
      'user: Who am I?',
      'assistant: (No answer: the task failed.)',
      'user: And now?',
    ],
  ])
})

test.each([
  ['history is given with a session', { session: 's', history }],
  ['history[1] is nothing that was said', { history: [history[0], { role: 'system', text: 'x' }] }],
  ['history[0] is nothing that was said', { history: [{ role: 'user', text: 7 }] }],
])('%s: refused', async (message, input) => {
  const asyncv = open(listening())
  await asyncv.start()
  await expect(asyncv.accept({ agent: 'helper', text: 'hi', ...(input as object) })).rejects.toMatchObject({
    code: 'input_invalid',
    message: expect.stringContaining(message),
  })
})
