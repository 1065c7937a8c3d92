import { setTimeout as sleep } from 'node:timers/promises'
import type { FakeModelOptions } from '@asyncv/openai/testing'
import { defineTool } from 'asyncv'
import { z } from 'zod'
import { openWorkplace, type Workplace, type WorkplaceOptions } from './runtime.fixture.ts'

/** What a person wrote who wishes us ill, and what a model answers that was talked into it. */
export const hostile =
  '<img src=x onerror="document.title=\'owned\'"> [click](javascript:document.title="owned") <script>document.title="owned"</script> ![pixel](http://127.0.0.1:1/pixel.png)'

type Said = Awaited<ReturnType<NonNullable<FakeModelOptions['reply']>>>

/** Says what the conversations of this file need, by what was asked. */
const reply: NonNullable<FakeModelOptions['reply']> = ({ messages }): Said => {
  const last = messages.at(-1)
  const asked = JSON.stringify(last?.content ?? '')
  if (last?.role === 'tool') {
    return { text: 'It is **sunny** in Oslo, about `20 °C`:\n\n- no rain before Friday\n- wind from the *south*' }
  }
  if (asked.includes('weather')) return { toolCalls: [{ name: 'weather', args: { city: 'Oslo', days: 3 } }] }
  if (asked.includes('refuse')) {
    return {
      status: 400,
      body: { error: { message: 'This model does not answer that.', type: 'invalid_request_error' } },
    }
  }
  if (asked.includes('slow')) return { text: 'There it is, after a while.', delayMs: 1_500 }
  if (asked.includes('hang')) return { text: 'never', delayMs: 120_000 }
  if (asked.includes('hostile')) return { text: hostile }
  return { text: `You wrote: ${asked.slice(0, 80)}` }
}

const weather = defineTool({
  name: 'weather',
  description: 'The weather of a city',
  input: z.object({ city: z.string(), days: z.number() }),
  effect: 'read',
  async run({ input }) {
    await sleep(600)
    return { city: input.city, degrees: 20, sky: 'clear', forecast: ['clear', 'clear', 'rain'] }
  },
})

/** A workplace whose runtime keeps events, has a tool, and fails a model call at once. */
export function openWatched({ runtime: more, ...options }: WorkplaceOptions = {}): Promise<Workplace> {
  return openWorkplace({
    reply,
    ...options,
    runtime: {
      tools: [weather],
      events: { keepMs: 60_000 },
      agents: [
        { name: 'assistant', model: 'main/fake-model', tools: ['weather'] },
        { name: 'support', model: 'main/large-model' },
        { name: 'counter', model: 'offline/demo' },
      ],
      routes: [{ connector: 'code-tg', agent: 'assistant' }],
      ...more,
    },
  })
}

/** Waits for what `look` finds. */
export async function until<Found>(look: () => Promise<Found | undefined>, timeoutMs = 10_000): Promise<Found> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error('It did not come to that in time.')
    await sleep(20)
  }
}

/**
 * Some of everything: an answer with a tool on Telegram, one that the platform refuses (a dead letter), one whose outcome
 * nobody knows (held), a task that failed, and API callers.
 */
export async function haveConversations({ asyncv, telegram }: Workplace): Promise<void> {
  telegram.say(77, 'How is the weather in Oslo?', { first_name: 'Grace', last_name: 'Hopper' })
  await telegram.next(77)
  telegram.say(77, 'hostile', { first_name: 'Grace', last_name: 'Hopper' })
  await telegram.next(77)
  telegram.fault({
    type: 'refuse',
    code: 403,
    description: 'Forbidden: bot was blocked by the user',
    chat: 78,
    times: 9,
  })
  telegram.say(78, 'Are you there?', { first_name: 'Linus' })
  await until(async () => (await asyncv.deliveries({ state: 'dead' })).data[0])
  await asyncv.send({ agent: 'support', session: 'user-42', text: 'slow question' })
  for (const text of ['Hello', 'What can you do?', hostile]) {
    await asyncv.send({ agent: 'support', session: 'user-42', text })
  }
  await asyncv.send({ agent: 'assistant', session: 'reports', text: 'Please refuse this' }).catch(() => null)
}
