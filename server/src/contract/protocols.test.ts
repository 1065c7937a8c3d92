/** A request means the same in each protocol: the same cases, one after the other, over all of them. */
import type { Provider } from 'asyncv'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { broken, counting, echo, gated, openService, type Service } from '../service.fixture.ts'
import { type Asked, type Outcome, protocols } from './protocols.fixture.ts'

let service: Service
let model: ReturnType<typeof counting>
let slow: ReturnType<typeof gated>
beforeEach(async () => {
  model = counting()
  slow = gated()
  const late: Provider = { stream: (...call) => slow.stream(...call) }
  service = await openService({ demo: model, echo, broken, late }, {}, { maxBodyBytes: 5_000 })
})
afterEach(() => service.close())

describe.each(protocols)('$name', ({ name, ask: askAt }) => {
  const isOpenai = /chat|responses/.test(name)
  const isMcp = name.startsWith('MCP')
  const ask = (asked: Asked): Promise<Outcome> => askAt(service.url, asked)
  const keyFor = async (input: object = {}): Promise<string> =>
    (await service.asyncv.keys.create({ name: 'caller', ...input })).key

  async function answered(asked: Asked) {
    const outcome = await ask(asked)
    if (outcome.type === 'answered') return outcome
    throw new Error(`refused: ${outcome.code}`)
  }

  async function refusal(asked: Asked): Promise<string> {
    const outcome = await ask(asked)
    return outcome.type === 'refused' ? outcome.code : `answered: ${outcome.text}`
  }

  test('answers, with the task and the session', async () => {
    const { text, task, session } = await answered({ agent: 'echo', text: 'hello' })
    expect(text).toBe('user: hello')
    expect((await service.asyncv.task(task)).state).toBe('done')
    expect(session).not.toBe('')
  })

  test('goes on with a session, its own and one that the caller names', async () => {
    const first = await answered({ agent: 'echo', text: 'one' })
    const second = await answered({ agent: 'echo', text: 'two', session: first.session })
    expect(second.text).toBe('user: one | assistant: user: one | user: two')
    await answered({ agent: 'echo', text: 'one', session: 'chat 7/ä' })
    expect((await answered({ agent: 'echo', text: 'two', session: 'chat 7/ä' })).text).toContain('user: one | ')
  })

  test('a repeat with the same key gets the first answer, and costs no model call', async () => {
    const asked = { agent: 'demo', text: 'hello', idempotencyKey: 'k1' }
    const first = await answered(asked)
    const second = await answered(asked)
    expect(second).toEqual(first)
    expect(model.calls).toBe(1)
  })

  test('a repeat while the first is under way joins it', async () => {
    const asked = { agent: 'late', text: 'hello', idempotencyKey: 'k1' }
    const first = answered(asked)
    await slow.asked
    const second = answered(asked)
    await new Promise((resolve) => setTimeout(resolve, 50))
    slow.letGo()
    expect((await second).task).toBe((await first).task)
    expect((await service.asyncv.tasks()).data).toHaveLength(1)
  })

  test('the same key with another body is refused', async () => {
    await answered({ agent: 'demo', text: 'hello', idempotencyKey: 'k1' })
    expect(await refusal({ agent: 'demo', text: 'other', idempotencyKey: 'k1' })).toBe('idempotency_conflict')
  })

  test('an agent that there is not is unknown', async () => {
    expect(await refusal({ agent: 'nobody', text: 'hello' })).toBe('agent_unknown')
  })

  test('a model that fails fails the request, with the task where there is a place for it', async () => {
    const outcome = await ask({ agent: 'broken', text: 'hello' })
    const [task] = (await service.asyncv.tasks()).data
    expect(outcome).toEqual({ type: 'refused', code: 'provider_denied', task: isOpenai ? undefined : task?.id })
    expect(task?.state).toBe('failed')
  })

  test('once there are keys, who has none is refused, and so is one that nobody has', async () => {
    const key = await keyFor()
    expect((await answered({ agent: 'demo', text: 'hello', key })).text).not.toBe('')
    expect(await refusal({ agent: 'demo', text: 'hello' })).toBe('key_missing')
    expect(await refusal({ agent: 'demo', text: 'hello', key: `${key.slice(0, -1)}?` })).toBe('key_invalid')
  })

  test('a key may do what its scopes say, and use the agents that it names', async () => {
    expect(await refusal({ agent: 'demo', text: 'hello', key: await keyFor({ scopes: ['read'] }) })).toBe(
      'scope_missing',
    )
    const narrow = await keyFor({ agents: ['demo'] })
    expect(await refusal({ agent: 'echo', text: 'hello', key: narrow })).toBe('agent_unknown')
    expect((await answered({ agent: 'demo', text: 'hello', key: narrow })).text).not.toBe('')
  })

  test('two spaces with the same session and key never meet', async () => {
    const same = { agent: 'echo', session: 'same', idempotencyKey: 'same' }
    const [one, other] = [await keyFor({ space: 'one' }), await keyFor({ space: 'other' })]
    await answered({ ...same, text: 'mine', key: one })
    expect((await answered({ ...same, text: 'yours', key: other })).text).toBe('user: yours')
  })

  test('a key that is revoked while its answer is computed ends the wait within a second', async () => {
    const { key, id } = await service.asyncv.keys.create({ name: 'short' })
    const waiting = refusal({ agent: 'late', text: 'hello', key })
    await slow.asked
    const revokedAt = performance.now()
    await service.asyncv.keys.revoke(id)
    expect(await waiting).toBe('key_invalid')
    expect(performance.now() - revokedAt).toBeLessThan(1_000)
    slow.letGo()
  })

  test('a body that is too large is refused before anything is accepted', async () => {
    expect(await refusal({ agent: 'demo', text: 'x'.repeat(6_000) })).toBe('body_too_large')
    expect((await service.asyncv.stats()).accepted).toBe(0)
  })

  test('who asks too often is told so', async () => {
    const limited = await openService({ demo: model }, {}, { limits: { requestsPerMinute: isMcp ? 7 : 2 } })
    const codes: string[] = []
    for (let n = 0; n < 9; n++) {
      const outcome = await askAt(limited.url, { agent: 'demo', text: 'hello' })
      codes.push(outcome.type === 'refused' ? outcome.code : 'answered')
    }
    await limited.close()
    expect(codes[0]).toBe('answered')
    // A host of 2026 that is refused while it connects says nothing of why.
    expect(codes).toContain('rate_limited')
  })

  test('a runtime that has stopped takes nothing in', async () => {
    await service.asyncv.stop({ drainMs: 0 })
    expect(await refusal({ agent: 'demo', text: 'hello' })).toBe('not_running')
  })
})
