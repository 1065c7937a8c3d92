import { Client as Client2026 } from '@modelcontextprotocol/client'
import { StdioClientTransport as Stdio2026 } from '@modelcontextprotocol/client/stdio'
import { Client as Client2025 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as Stdio2025 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { fakeModel } from '@asyncv/openai/testing'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { commandPlace, type Place } from '../command.fixture.ts'

let place: Place
beforeEach(() => {
  place = commandPlace()
})
afterEach(() => place.remove())

/** Where nothing listens, so that a service of the host's is not found. */
const alone = { ASYNCV_PORT: '1' }
const info = { name: 'test', version: '1' }

async function host2025(args: string[], env: Record<string, string>): Promise<Client2025> {
  const client = new Client2025(info)
  await client.connect(new Stdio2025({ ...place.command(['mcp', ...args], env), stderr: 'pipe' }) as never)
  return client
}

async function host2026(args: string[], env: Record<string, string>): Promise<Client2026> {
  const client = new Client2026(info, { versionNegotiation: { mode: { pin: '2026-07-28' } } })
  await client.connect(new Stdio2026({ ...place.command(['mcp', ...args], env), stderr: 'pipe' }) as never)
  return client
}

describe.each([
  ['2025', host2025],
  ['2026', host2026],
] as const)('a host of %s', (_, connect) => {
  test('asks an agent that runs in the process it started', async () => {
    const host = await connect([], alone)
    const { tools } = await host.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['ask_assistant', 'tasks_get', 'tasks_cancel'])
    const answer = await host.callTool({ name: 'ask_assistant', arguments: { text: 'what is 6 * 7' } })
    expect(answer.structuredContent).toMatchObject({ state: 'done', text: expect.stringContaining('42') })
    await host.close()
  }, 20_000)

  test('asks the service that runs here, and hears its refusals in its words', async () => {
    const { url } = await place.start()
    const host = await connect(['--url', url], alone)
    const answer = await host.callTool({ name: 'ask_assistant', arguments: { text: 'what is 6 * 7', session: 'mine' } })
    expect(answer.structuredContent).toMatchObject({ session: 'mine', text: expect.stringContaining('42') })
    const { task } = answer.structuredContent as { task: string }
    expect(await read(`${url}/v1/tasks/${task}`)).toMatchObject({ state: 'done' })
    const seen = await host.callTool({ name: 'tasks_get', arguments: { task, waitMs: 1_000 } })
    expect(seen.structuredContent).toMatchObject({ task, state: 'done' })
    const { resources } = await host.listResources()
    const { contents } = await host.readResource({ uri: resources[0]?.uri ?? '' })
    expect((contents[0] as { text: string }).text).toContain('what is 6 * 7')
    const unknown = await host.callTool({ name: 'tasks_get', arguments: { task: 'nobody' } })
    expect(unknown).toMatchObject({ isError: true, _meta: { 'asyncv/problem': { code: 'task_unknown' } } })
    await host.close()
  }, 20_000)

  test('a call that the host gives up is cancelled in the service', async () => {
    const model = await fakeModel({ reply: () => ({ text: 'one two', chunks: ['one ', 'two'], chunkDelayMs: 60_000 }) })
    const { url } = await place.start([], { env: { OPENAI_BASE_URL: model.url } })
    const host = await connect(['--url', url], alone)
    const giveUp = new AbortController()
    const call = { name: 'ask_assistant', arguments: { text: 'hi' } }
    const { signal } = giveUp
    // The older SDK takes a schema for the result between the two.
    const answered =
      host instanceof Client2025 ? host.callTool(call, undefined, { signal }) : host.callTool(call, { signal })
    const asked = answered.catch(() => 'given up')
    await expect.poll(() => model.count, { timeout: 10_000 }).toBe(1)
    giveUp.abort()
    expect(await asked).toBe('given up')
    const states = async () =>
      (await read<{ data: { state: string }[] }>(`${url}/v1/tasks`)).data.map(({ state }) => state)
    await expect.poll(states, { timeout: 5_000 }).toEqual(['cancelled'])
    await host.close()
    await model.close()
  }, 20_000)
})

async function read<Json = unknown>(url: string): Promise<Json> {
  return (await (await fetch(url)).json()) as Json
}

test('a service that is not there is a failed start that says so', () => {
  const { status, stdout, stderr } = place.run(['mcp', '--url', 'http://127.0.0.1:1'])
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toMatch(/No asyncv service answers at http:\/\/127\.0\.0\.1:1/)
})

test('ends with its host, also when that never said anything', () => {
  const { status, stdout, stderr } = place.run(['mcp'], { env: alone, input: '' })
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
  expect(stderr).toContain('the agents run in this process')
})

test('ends when its host reads no more, though stdin stays open', async () => {
  const child = place.spawn(['mcp'], { env: alone })
  child.stdout?.destroy()
  child.stdin?.write('{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n')
  expect(await once(child, 'exit')).toEqual([0, null])
}, 20_000)
