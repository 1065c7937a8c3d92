import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text as textOf } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { commandPlace, type Place, type Ran } from '../command.fixture.ts'
import { request } from './request.ts'

// Each command is a process of its own that loads everything from source.
vi.setConfig({ testTimeout: 90_000 })

let place: Place
let servers: Server[] = []
beforeAll(() => {
  place = commandPlace()
})
afterEach(() => {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
  servers = []
})
afterAll(() => place.remove())

/** Another program that listens on a port; its address. */
async function listening(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

const run = (...args: string[]): Promise<Ran> => place.call(args)

test.each([
  ['agents', '{}'],
  ['agents', '{"data":[null]}'],
  ['tasks list', '[]'],
  ['tasks show x', '{"data":[]}'],
  ['tasks cancel x', '{}'],
  ['trace x', '{}'],
  ['send a hi', '{}'],
  ['sessions list', '{"data":{}}'],
])('"%s" takes %s for no answer of a service', async (line, body) => {
  const url = await listening((_, response) => response.end(body))
  const { status, stdout, stderr } = await run(...line.split(' '), '--url', url)
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toMatch(/answered 200 with something that is no answer of an asyncv service/)
})

test('a status without checks is no answer of a service', async () => {
  const url = await listening((_, response) => response.end('{"ready":true}'))
  expect(await run('status', '--url', url)).toMatchObject({ status: 1, stderr: expect.stringContaining('No asyncv') })
})

test('what is sent is not led elsewhere, and where it would go is said', async () => {
  const led: string[] = []
  const elsewhere = await listening((request, response) => {
    led.push(String(request.url))
    response.end('{}')
  })
  const url = await listening((request, response) => {
    response.writeHead(307, { Location: `${elsewhere}${request.url}` }).end()
  })
  for (const line of [['agents'], ['send', 'a', 'hi'], ['status'], ['chat', '--agent', 'a']]) {
    const { status, stderr } = await run(...line, '--url', url, '--key', 'avk_1')
    expect(status).toBe(line[0] === 'chat' ? 0 : 1)
    if (line[0] === 'agents' || line[0] === 'send') expect(stderr).toContain(`elsewhere, at ${elsewhere}`)
  }
  expect(led).toEqual([])
})

test('a service that hangs is waited for as long as it may take', async () => {
  const silent = await listening(() => {})
  const slow = await listening((_, response) => response.write('{'))
  for (const url of [silent, slow]) {
    await expect(request(`${url}/v1/agents`, {}, 200)).rejects.toMatchObject({
      exitCode: 1,
      message: `${url} did not answer within 0.2 s.`,
    })
  }
})

test.each([
  ['a URL with a password', ['--url', 'http://me:hunter2-canary@127.0.0.1:1'], 'a user or a password in it'],
  ['one that is none', ['--url', 'me:hunter2-canary@127.0.0.1:1'], 'a user or a password in it'],
  ['a URL with a query', ['--url', 'http://127.0.0.1:1/?a=b'], 'is no URL of a service'],
  ['a key that no header takes', ['--url', 'http://127.0.0.1:1', '--key', '密钥-canary'], 'The key of the service'],
])('%s is said, and not that no service is there', async (_, flags, said) => {
  const { status, stderr } = await run('agents', ...flags)
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(said) })
  expect(stderr).not.toContain('canary')
})

const receipt = { task: 't', session: 's', message: 'm' }
const frame = (event: string, data: object): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
const accepted = frame('task.accepted', receipt)

test.each([
  ['answered at last', [frame('task.finished', { ...receipt, text: 'yes', parts: [] })], 0, 'yes\n', ''],
  ['that failed', [frame('error', { code: 'provider_denied', detail: 'No.', status: 502 })], 1, '', 'No.'],
  [
    'not waited for',
    [frame('error', { code: 'reply_timeout', detail: 'x', status: 504 })],
    1,
    '',
    'asyncv tasks show t',
  ],
  ['cut', [], 1, '', 'asyncv tasks show t'],
])('a message is waited for as a stream, since its answer may take long: %s', async (_, frames, status, out, said) => {
  const url = await listening(({ headers }, response) => {
    if (headers.accept !== 'text/event-stream') return response.writeHead(500).end()
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.end([accepted, ': ping\n\n', ...frames].join(''))
  })
  const sent = await run('send', 'a', 'hi', '--url', url)
  expect(sent).toMatchObject({ status, stdout: out, stderr: expect.stringContaining(said) })
})

test('a stream that breaks after the message was taken in names its task', async () => {
  const url = await listening((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(accepted, () => response.destroy())
  })
  const { status, stderr } = await run('send', 'a', 'hi', '--url', url)
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/stopped answering.*tasks show t/s) })
})

test('events of another program are no answer, also where they go on', async () => {
  const url = await listening((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(frame('task.accepted', { id: 1 }))
  })
  const { status, stderr } = await run('send', 'a', 'hi', '--url', url)
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('no answer of an asyncv service') })
})

test('a text that begins with "-" goes behind "--", and the error says so', async () => {
  let asked = ''
  const url = await listening(async (request, response) => {
    asked = await textOf(request)
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.end('event: task.finished\ndata: {"task":"t","session":"s","message":"m","text":"yes","parts":[]}\n\n')
  })
  expect(await run('send', 'a', '- buy milk', '--url', url)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('Put "--" before'),
  })
  expect(await run('send', 'a', '--url', url, '--', '- buy milk')).toMatchObject({ status: 0, stdout: 'yes\n' })
  expect(JSON.parse(asked)).toMatchObject({ text: '- buy milk' })
})

test('an idempotency key that no header takes is said', async () => {
  const { status, stderr } = await run('send', 'a', 'hi', '--url', 'http://127.0.0.1:1', '--idempotency-key', '重复')
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('--idempotency-key') })
})

/** What a terminal obeys: a title, a colour, a C1 control and one that turns the direction of writing. */
const steering = '\u001b]0;mine\u0007\u001b[31m\u009b2J\u202e'
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/

test('what a service says steers no terminal: refusals, checks, tools, errors and JSON', async () => {
  const url = await listening(({ url: path = '' }, response) => {
    if (path.includes('readyz')) {
      return response.end(JSON.stringify({ ready: false, checks: [{ name: steering, ok: false, detail: steering }] }))
    }
    if (path.includes('metrics')) return response.end('')
    if (path.includes('agents')) {
      if (!path.includes('messages')) return response.end(JSON.stringify({ data: [{ name: steering }] }))
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      for (const event of [
        { type: 'tool.started', name: steering, args: { at: steering } },
        { type: 'error', detail: steering, hint: steering },
      ]) {
        response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      }
      return response.end()
    }
    const problem = { code: 'input_invalid', detail: `no ${steering}`, hint: steering }
    response.writeHead(400).end(JSON.stringify(problem))
  })
  for (const line of [['status'], ['status', '--json'], ['tasks', 'show', 'x'], ['agents', '--json']]) {
    const { stdout, stderr } = await run(...line, '--url', url)
    expect(stdout + stderr).not.toMatch(obeyed)
    if (line[0] === 'agents') expect(JSON.parse(stdout)).toEqual([{ name: steering }])
  }
  const { stderr: said } = await place.call(['chat', '--agent', 'a', '--url', url], { input: 'hi\n' })
  expect(said).toContain('⚙')
  expect(said).not.toMatch(obeyed)
})

test.each([
  ['--help', '| true'],
  ['tasks list --help', '| true'],
  ['start --help', '| true'],
  ['tasks shwo', '2>&1 | true'],
  ['completion bash', '| true'],
])('"%s %s" ends quietly when its reader has left', (line, pipe) => {
  const { command, args, cwd, env } = place.command(line.split(' '), {})
  const script = `sleep 0.1; "$@" ${pipe.replace('true', 'sh -c "exec <&-; sleep 3"')}`
  const { stderr } = spawnSync('sh', ['-c', script, 'sh', command, ...args], { cwd, env, encoding: 'utf8' })
  expect(stderr).toBe('')
})

test.skipIf(!existsSync('/dev/full'))('results that cannot be written are a failure in a sentence', () => {
  const { command, args, cwd, env } = place.command(['completion', 'bash'], {})
  const { stderr, status } = spawnSync('sh', ['-c', '"$@" > /dev/full', 'sh', command, ...args], {
    cwd,
    env,
    encoding: 'utf8',
  })
  expect({ stderr, status }).toEqual({
    status: 1,
    stderr: expect.stringMatching(/^asyncv: The results cannot be written: /),
  })
})
