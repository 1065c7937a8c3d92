import { connectorContract } from 'asyncv/testing'
import { describe, test } from 'vitest'
import { telegram } from './index.ts'
import { type Fault, fakeTelegram } from './testing/index.ts'

const troubles: Record<string, Fault> = {
  limited: { type: 'refuse', code: 429, description: 'Too Many Requests: retry after 3', retryAfter: 3 },
  refused: { type: 'refuse', code: 403, description: 'Forbidden: bot was blocked by the user' },
  'cut-before': { type: 'cut-before' },
  'cut-after': { type: 'cut-after' },
  broken: { type: 'gateway', status: 502 },
  slow: { type: 'slow', ms: 5_000 },
}

describe('the contract', () => {
  const cases = connectorContract(async () => {
    const tg = await fakeTelegram()
    return {
      connect: () =>
        telegram({
          token: tg.token,
          apiRoot: tg.url,
          allow: 'everyone',
          backoff: { firstMs: 10, maxMs: 50 },
        }),
      conversations: ['7', '8'],
      say: (conversation, text) => void tg.say(Number(conversation), text),
      acknowledged: () => tg.updates.filter(({ confirmedAt }) => confirmedAt !== null).map(({ text }) => text ?? ''),
      shown: (conversation) =>
        tg.chat(Number(conversation)).flatMap(({ from, text }) => (from === 'bot' ? [text] : [])),
      deleteLast: (conversation) => tg.remove(Number(conversation), tg.chat(Number(conversation)).at(-1)?.id ?? 0),
      fail: (how) => tg.fault({ method: 'sendMessage', ...troubles[how] } as Fault),
      deny: tg.revoke,
      close: tg.close,
    }
  })
  for (const { name, run, skip } of cases) test.skipIf(skip !== null)(name, run)
})
