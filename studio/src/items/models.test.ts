import type { Provider } from 'asyncv'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createModels } from './models.ts'
import { type Browser, invite, signUp } from '../browser.fixture.ts'
import { openRuntime, type OpenedRuntime } from '../runtime.fixture.ts'
import { type OpenedStudio, openStudio } from '../studio.fixture.ts'

let asked = 0
const model: Provider = {
  async *stream() {
    yield { type: 'finish', reason: 'stop' }
  },
  async test() {
    asked += 1
    return { ok: true, latencyMs: 1, models: ['large', 'small'] }
  },
}

let opened: OpenedStudio
let runtime: OpenedRuntime
let editor: Browser
let id: string
beforeAll(async () => {
  opened = await openStudio()
  runtime = await openRuntime(opened.folder, model)
  const admin = await signUp(opened)
  editor = await invite(admin, opened.url, 'editor', 'editor')
  const { url, managementUrl } = runtime
  const { body } = await admin.ask('POST', '/api/runtimes', { name: 'r', url, managementUrl, key: await runtime.key() })
  id = body.id
}, 60_000)
afterAll(async () => {
  await opened.close()
  await runtime.close()
})

test('an editor is told the models of every service of a runtime, and a service is asked once for many', async () => {
  for (let times = 0; times < 3; times += 1) {
    const { status, body } = await editor.ask('GET', `/api/runtimes/${id}/models`)
    expect(status).toBe(200)
    expect(body.data).toContainEqual({ provider: 'main', models: ['large', 'small'], problem: null })
  }
  expect(asked).toBe(1)
})

test('a runtime that is not there is said to be unknown', async () => {
  const { status, body } = await editor.ask('GET', '/api/runtimes/nowhere/models')
  expect({ status, code: body.code }).toEqual({ status: 404, code: 'runtime_unknown' })
})

test('a service that did not answer is asked again soon, also when the clock was set back meanwhile', async () => {
  let [time, tests] = [10 * 3_600_000, 0]
  const provider = { name: 'main', type: 'openai' }
  const models = createModels(
    {
      list: async () => [{ id: 'r', name: 'r' }],
      async ask(_, { path }) {
        if (path.endsWith('/status')) return { status: 200, body: { providers: [provider] } }
        tests += 1
        return { status: 503, body: null }
      },
    },
    () => time,
  )
  await models.list('r')
  time -= 3_600_000
  await models.list('r')
  expect(tests).toBe(2)
})
