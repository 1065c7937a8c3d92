import { createAsyncv, createVault, newMasterKey } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { openai } from './index.ts'
import { fakeModel } from './testing/index.ts'

const old = 'sk-canary-of-before'
const current = 'sk-canary-of-today'

async function scene(origins?: string[]) {
  const model = await fakeModel()
  const vault = createVault({ key: newMasterKey() })
  const bound = origins === undefined ? {} : { origins }
  const asyncv = createAsyncv({ vault, storage: sqlite(':memory:'), agents: [{ name: 'a', model: 'offline/demo' }] })
  await asyncv.start()
  await asyncv.secrets.put({ name: 'KEY', value: old })
  await asyncv.secrets.put({ name: 'TEAM', value: 'team-of-before' })
  const provider = openai({
    baseURL: model.url,
    apiKey: vault.secret('KEY', bound),
    headers: { 'X-Team': vault.secret('TEAM', bound) },
  })
  onTestFinished(async () => {
    await provider.close?.()
    await asyncv.stop({ drainMs: 0 })
    await model.close()
  })
  const call = async (): Promise<unknown> => {
    const request = {
      model: 'fake-model',
      instructions: '',
      messages: [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'hi' }] }],
      tools: [],
      maxOutputTokens: 10,
    }
    let last: unknown
    for await (const event of provider.stream(request, { signal: new AbortController().signal, key: 't/1' }))
      last = event
    return last
  }
  const sent = () => model.requests.map(({ headers }) => [headers.authorization, headers['x-team']])
  return { model, asyncv, provider, call, sent }
}

test('each call takes the secrets as they are then', async () => {
  const { asyncv, call, sent } = await scene()
  await call()
  await asyncv.secrets.put({ name: 'KEY', value: current })
  await asyncv.secrets.put({ name: 'TEAM', value: 'team-of-today' })
  await call()
  expect(sent()).toEqual([
    [`Bearer ${old}`, 'team-of-before'],
    [`Bearer ${current}`, 'team-of-today'],
  ])
})

test('a secret that is not given out ends the call as denied, before anything is sent', async () => {
  const { model, provider, call } = await scene(['https://api.openai.com'])
  expect(await call()).toMatchObject({
    type: 'error',
    error: {
      code: 'provider_denied',
      retryable: false,
      message: expect.stringContaining('bound to https://api.openai.com'),
    },
  })
  await expect(provider.models?.()).rejects.toMatchObject({ code: 'provider_denied' })
  expect(await provider.test?.()).toMatchObject({ ok: false, problem: expect.stringContaining('bound to') })
  expect(model.count).toBe(0)
})
