import assert from 'node:assert/strict'
import type { ModelEvent, ModelRequest, ProviderError } from '../../provider.ts'
import type { StagedProvider } from './staged.ts'

/** A request that every service understands, with tools to ask for. */
export function requestFor({ model }: StagedProvider, words = 'What is the weather?'): ModelRequest {
  const inputJsonSchema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
  return {
    model,
    instructions: 'Be brief.',
    messages: [{ role: 'user', parts: [{ type: 'text', text: words }] }],
    tools: ['weather', 'forecast'].map((name) => ({ name, description: `The ${name} of a city`, inputJsonSchema })),
    maxOutputTokens: 100,
  }
}

/** Makes one call and drains it. Fails when the order of the events is not the port's. */
export async function listen(
  staged: StagedProvider,
  signal: AbortSignal = new AbortController().signal,
): Promise<ModelEvent[]> {
  const events: ModelEvent[] = []
  for await (const event of staged.provider.stream(requestFor(staged), { signal, key: 'task-1/1' })) events.push(event)
  const last = events.findIndex(({ type }) => type === 'finish' || type === 'error')
  if (!signal.aborted) assert.ok(last !== -1, `ended without finish or error: ${shown(events)}`)
  assert.ok(last === -1 || last === events.length - 1, `went on after its last event: ${shown(events)}`)
  assert.ok(events.filter(({ type }) => type === 'usage').length <= 1, `told usage twice: ${shown(events)}`)
  return events
}

/** Makes one call that has to fail, and gives the error it ended with. */
export async function failure(staged: StagedProvider): Promise<ProviderError> {
  const events = await listen(staged)
  const last = events.at(-1)
  assert.ok(last?.type === 'error', `did not fail: ${shown(events)}`)
  assert.ok(last.error.message !== '', 'an error without a message')
  return last.error
}

export function said(events: readonly ModelEvent[]): string {
  return events.map((event) => (event.type === 'text.delta' ? event.text : '')).join('')
}

export function shown(events: readonly ModelEvent[]): string {
  return JSON.stringify(events)
}
