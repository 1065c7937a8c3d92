import { createAsyncv, createVault, newMasterKey } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { telegram } from './index.ts'
import { fakeTelegram } from './testing/index.ts'

async function scene(token: string) {
  const tg = await fakeTelegram({ token: '4242:the-right-one' })
  onTestFinished(() => tg.close())
  const vault = createVault({ key: newMasterKey(), elsewhere: (name) => (name === 'TOKEN' ? token : undefined) })
  const asyncv = createAsyncv({
    vault,
    storage: sqlite(':memory:'),
    connectors: {
      tg: telegram({
        token: vault.secret('TOKEN', { origins: ['https://api.telegram.org', tg.url] }),
        apiRoot: tg.url,
        allow: 'everyone',
        backoff: { firstMs: 10, maxMs: 20 },
        limits: { perChatMs: 0 },
      }),
    },
    agents: [{ name: 'a', model: 'offline/demo' }],
    outbox: { backoffMs: 200, maxBackoffMs: 400 },
  })
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  return { tg, asyncv }
}

test('a token that is replaced is what the next call uses', async () => {
  const { tg, asyncv } = await scene('4242:the-right-one')
  await asyncv.start()
  tg.open(7)
  await asyncv.secrets.put({ name: 'TOKEN', value: '4242:a-wrong-one' })
  await asyncv.post({ connector: 'tg', conversation: '7', text: 'hello' })
  await expect.poll(async () => (await asyncv.deliveries()).data[0]?.state).toBe('retrying')
  expect(tg.chat(7)).toEqual([])
  await asyncv.secrets.put({ name: 'TOKEN', value: '4242:the-right-one' })
  expect((await tg.next(7)).text).toBe('hello')
})

test('a token of another bot does not speak for the one that was started', async () => {
  const { tg, asyncv } = await scene('4242:the-right-one')
  await asyncv.start()
  tg.open(7)
  await asyncv.secrets.put({ name: 'TOKEN', value: '4343:of-another-bot' })
  await asyncv.post({ connector: 'tg', conversation: '7', text: 'hello' })
  await expect
    .poll(async () => JSON.stringify((await asyncv.deliveries()).data[0]?.error))
    .toContain('the token is of bot 4343 now')
  expect(JSON.stringify((await asyncv.deliveries()).data)).not.toContain('of-another-bot')
})

test('a token that is none is refused at the start, and not quoted', async () => {
  const { asyncv } = await scene('hunter2-is-no-token')
  const error: unknown = await asyncv.start().catch((failure: unknown) => failure)
  expect(error).toMatchObject({ code: 'config_invalid', message: expect.stringContaining('expected a bot token') })
  expect(JSON.stringify(error)).not.toContain('hunter2')
})
