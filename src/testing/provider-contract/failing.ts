import assert from 'node:assert/strict'
import type { ProviderError } from '../../provider.ts'
import type { Need, ProviderCase } from './staged.ts'
import type { Scene } from './scene.ts'
import { failure, listen, said } from './listen.ts'

export const failing: Record<string, ProviderCase> = {
  'gives text but no tool call when the connection breaks in its arguments': {
    needs: ['cut'],
    scene: { plays: 'cut', text: ['One '], toolCall: { name: 'weather', args: { city: 'Paris' } } },
    async run(staged) {
      const events = await listen(staged)
      const last = events.at(-1)
      assert.ok(last?.type === 'error')
      assert.ok(['provider_unavailable', 'provider_truncated'].includes(last.error.code), last.error.code)
      assert.equal(last.error.retryable, true)
      assert.equal(said(events), 'One ')
      assert.equal(events.filter(({ type }) => type === 'tool.call').length, 0, 'half a call has left')
    },
  },
  'takes an answer that ends without a finish for truncated': failsWith(
    { plays: 'unfinished', text: ['It is '] },
    { code: 'provider_truncated', retryable: true },
  ),
  'times out when the service never answers': failsWith(
    { plays: 'silence' },
    { code: 'provider_timeout', retryable: true },
    'timeouts',
  ),
  'times out when the service stops in the middle': failsWith(
    { plays: 'stall', text: ['It is '] },
    { code: 'provider_timeout', retryable: true },
    'timeouts',
  ),
  'passes on the wait that a service asks for': failsWith(
    { plays: 'limited', retryAfterMs: 7_000 },
    { code: 'provider_limited', retryable: true, retryAfterMs: 7_000 },
  ),
  'does not call a service that wants money retryable': failsWith(
    { plays: 'quota' },
    { code: 'provider_quota', retryable: false },
  ),
  'says the way out when the credentials are refused': {
    needs: ['denied'],
    scene: { plays: 'denied' },
    async run(staged) {
      const { code, retryable, hint } = await failure(staged)
      assert.deepEqual({ code, retryable }, { code: 'provider_denied', retryable: false })
      assert.ok(hint !== undefined && hint !== '', 'has no hint')
    },
  },
  'passes on why a service refuses a request': {
    needs: ['refused'],
    scene: { plays: 'refused', message: 'the-reason' },
    async run(staged) {
      const { code, retryable, message } = await failure(staged)
      assert.deepEqual({ code, retryable }, { code: 'provider_refused', retryable: false })
      assert.match(message, /the-reason/)
    },
  },
  'calls a server error retryable, and does not retry itself': {
    needs: ['broken'],
    scene: { plays: 'broken' },
    async run(staged) {
      const { code, retryable } = await failure(staged)
      assert.deepEqual({ code, retryable }, { code: 'provider_unavailable', retryable: true })
      assert.equal(staged.calls(), 1)
    },
  },
  'calls a service that is not there retryable': failsWith(
    { plays: 'unreachable' },
    { code: 'provider_unavailable', retryable: true },
  ),
}

function failsWith(
  scene: Scene,
  expected: Pick<ProviderError, 'code' | 'retryable' | 'retryAfterMs'>,
  ...needs: Need[]
): ProviderCase {
  return {
    needs: [scene.plays, ...needs],
    scene,
    async run(staged) {
      const { code, retryable, retryAfterMs } = await failure(staged)
      assert.deepEqual({ code, retryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }, expected)
    },
  }
}
