import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Browser, invite, signUp } from '../browser.fixture.ts'
import { type OpenedRuntime, openRuntime } from '../runtime.fixture.ts'
import { createRuntimeClient } from '../runtimes/client.ts'
import { createRuntimePort } from '../runtimes/port.ts'
import { type OpenedStudio, openStudio } from '../studio.fixture.ts'
import { askWithin } from './ask.ts'

let studio: OpenedStudio
let runtime: OpenedRuntime
let admin: Browser
let editor: Browser
let id: string
beforeAll(async () => {
  studio = await openStudio()
  runtime = await openRuntime(studio.folder)
  admin = await signUp(studio)
  editor = await invite(admin, studio.url, 'ed', 'editor')
  const { url, managementUrl } = runtime
  const connected = await admin.ask('POST', '/api/runtimes', {
    name: 'here',
    url,
    managementUrl,
    key: await runtime.key(),
  })
  expect(connected.status).toBe(201)
  id = connected.body.id
}, 30_000)
afterAll(async () => {
  await studio.close()
  await runtime.close()
})

test('an editor has drafts checked by the runtime that an administrator has connected', async () => {
  const changes = [{ kind: 'agent', name: 'assistant', content: { model: 'offline/demo' } }]
  const { body } = await editor.ask('POST', '/api/items/check', { changes })
  expect(body).toMatchObject({ checkedBy: 'runtime', runtime: { id, name: 'here' }, problem: null })
  // That name is the program's own, which the runtime alone knows.
  expect(body.errors).toMatchObject([{ kind: 'agent', name: 'assistant', pointer: '/name' }])
})

test('where nothing was released there is nothing to take over', async () => {
  const { status, body } = await editor.ask('POST', `/api/runtimes/${id}/adopt`, {})
  expect({ status, code: body.code }).toEqual({ status: 409, code: 'state_conflict' })
  expect((await editor.ask('POST', '/api/runtimes/other/adopt', {})).body.code).toBe('runtime_unknown')
})

test('a key that may not configure leaves the form alone to be looked at, and says why', async () => {
  const { url, managementUrl } = runtime
  const key = await runtime.key(['read'])
  const weak = await admin.ask('POST', '/api/runtimes', { name: 'weak', url, managementUrl, key })
  const { body } = await editor.ask('POST', '/api/items/check', { runtime: weak.body.id })
  expect(body).toMatchObject({ checkedBy: 'schema', problem: expect.stringMatching(/^weak answers 403/), errors: [] })
  expect((await editor.ask('POST', `/api/runtimes/${weak.body.id}/adopt`, {})).body.code).toBe('runtime_refused')
})

test('a runtime that hangs is one that is away', async () => {
  const hanging = createServer(() => {})
  await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve))
  const client = createRuntimeClient()
  onTestFinished(async () => {
    await client.close()
    hanging.closeAllConnections()
    hanging.close()
  })
  const managementUrl = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`
  const connection = async () => ({ id: 'h', url: managementUrl, managementUrl, key: 'k' })
  const port = createRuntimePort({ list: async () => [], connection }, client)
  const asking = askWithin(100, port, 'h', { method: 'GET', path: '/admin/v1/types' })
  await expect(asking).rejects.toMatchObject({ code: 'runtime_unreachable' })
})
