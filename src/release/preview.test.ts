import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import type { PreviewEvent, PreviewInput } from '../releasing.ts'
import { scripted } from '../testing/scripted.ts'
import { defineTool } from '../tool.ts'
import { Platforms, Publisher, releasable, saying } from '../testing/publisher.fixture.ts'

const ran: string[] = []
const tools = (['read', 'once'] as const).map((effect) =>
  defineTool({
    name: `${effect}-it`,
    description: 'A tool',
    input: z.object({}),
    effect,
    run: () => {
      ran.push(effect)
      return `${effect} ran`
    },
  }),
)

async function started(platforms = new Platforms(), mine = scripted([])) {
  const asyncv = releasable(platforms, [new Publisher()], { tools, providers: { mine } })
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  await asyncv.start()
  return asyncv
}

async function all(events: AsyncIterable<PreviewEvent>): Promise<PreviewEvent[]> {
  const seen: PreviewEvent[] = []
  for await (const event of events) seen.push(event)
  return seen
}

test('a draft answers, and nothing of it is started, kept, sent or in force', async () => {
  const platforms = new Platforms()
  const asyncv = await started(platforms)
  const events = await all(asyncv.releases.preview({ document: saying('drafted'), text: 'hi' }))
  expect(events.map(({ type }) => type)).toEqual(['text.delta', 'preview.finished'])
  expect(events.at(-1)).toMatchObject({ text: 'drafted' })
  expect(platforms.said.filter((said) => said.startsWith('start'))).toEqual([])
  expect(platforms.said).toContain('close drafted')
  expect((await asyncv.tasks()).data).toEqual([])
  expect((await asyncv.sessions()).data).toEqual([])
  expect(asyncv.agents).toEqual([])
  expect((await asyncv.audit.list()).data).toEqual([])
})

test('what was said before is known, and only tools that read are run', async () => {
  const mine = scripted([
    {
      toolCalls: [
        { name: 'read-it', args: {} },
        { name: 'once-it', args: {} },
      ],
    },
    'done',
  ])
  const asyncv = await started(new Platforms(), mine)
  const document = { schemaVersion: 1, agents: [{ name: 'a', model: 'mine/x', tools: ['read-it', 'once-it'] }] }
  const history = [
    { role: 'user', text: 'my name is Ada' },
    { role: 'assistant', text: 'hello Ada' },
  ] as const
  const events = await all(asyncv.releases.preview({ document, text: 'hi', history }))
  expect(ran).toEqual(['read'])
  const results = events.flatMap((event) => (event.type === 'tool.finished' ? [event.result] : []))
  expect(results).toEqual(['read ran', 'This is a preview: once-it was not run.'])
  expect(mine.requests[0]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
})

test('who leaves ends it', async () => {
  const platforms = new Platforms()
  const asyncv = await started(platforms)
  const slow = { ...saying('slow', []), providers: { main: { type: 'echo', options: { says: 'slow', waits: true } } } }
  const left = new AbortController()
  const preview = all(asyncv.releases.preview({ document: slow, text: 'hi' }, { signal: left.signal }))
  const ended = expect(preview).rejects.toMatchObject({ code: 'cancelled' })
  await expect.poll(() => platforms.asked).toEqual(['slow'])
  left.abort()
  await ended
  expect(platforms.said).toContain('close slow')
})

const two = { ...saying('x', []), agents: ['a', 'b'].map((name) => ({ name, model: 'main/any' })) }
test.each<[string, PreviewInput, string]>([
  ['a document that cannot be', { document: { schemaVersion: 1, x: 1 }, text: 'hi' }, 'release_invalid'],
  ['an agent that is not in it', { document: two, agent: 'c', text: 'hi' }, 'agent_unknown'],
  ['no agent where there are two', { document: two, text: 'hi' }, 'input_invalid'],
  ['no text', { document: two, agent: 'a', text: ' ' }, 'input_invalid'],
])('%s is refused before anything begins', async (_, input, code) => {
  const asyncv = await started()
  await expect(all(asyncv.releases.preview(input))).rejects.toMatchObject({ code })
})
