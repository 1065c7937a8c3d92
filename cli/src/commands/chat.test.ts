import { once } from 'node:events'
import { fakeModel } from '@asyncv/openai/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { commandPlace, type Place } from '../command.fixture.ts'

let place: Place
beforeEach(() => {
  place = commandPlace()
})
afterEach(() => place.remove())

/** Where nothing listens, so that a service of the host's is not found. */
const alone = { ASYNCV_PORT: '1' }

test('answers each line of a pipe on stdout, with tool calls beside it', () => {
  const { status, stdout, stderr } = place.run(['chat'], { input: 'what is 6 * 7\n\n你好\n', env: alone })
  expect(status).toBe(0)
  expect(stdout).toMatch(/^6 \* 7 = 42\n[\s\S]*\n你说：“你好”。这是本次会话的第 2 条消息/)
  expect(stderr).toBe('⚙ calculator({"expression":"6 * 7"})\n')
})

test('finds the service that runs here, and the first agent of its configuration', async () => {
  place.write('asyncv.config.json', { agents: [{ name: 'helper', model: 'offline/demo' }] })
  await place.start()
  const options = { input: 'hello\n', env: alone }
  expect(place.run(['chat'], options)).toMatchObject({ status: 0, stdout: expect.stringContaining('message 1 of') })
  expect(place.run(['chat', '--session', 's'], options).stdout).toContain('message 1 of')
  expect(place.run(['chat', '-s', 's'], options).stdout).toContain('message 2 of')
})

test('an agent that the service has not is refused, and those it has are named', async () => {
  const { url } = await place.start()
  const { status, stderr } = place.run(['chat', '--url', url, '--agent', 'nobody'], { input: 'hi\n' })
  expect(status).toBe(1)
  expect(stderr).toMatch(/Unknown agent "nobody"[\s\S]*Known agents: assistant/)
})

test('a service that is not there is an answer as well', () => {
  const { status, stdout, stderr } = place.run(['chat', '--url', 'http://127.0.0.1:1'], { input: 'hi\n' })
  expect({ status, stdout: stdout.trim() }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toMatch(/http:\/\/127\.0\.0\.1:1 does not answer[\s\S]*asyncv start/)
})

test('a service that dies in the middle of an answer is an error, and no bug', async () => {
  const model = await fakeModel({ reply: () => ({ text: 'one two', chunks: ['one ', 'two'], chunkDelayMs: 60_000 }) })
  const { child: service, url } = await place.start([], { env: { OPENAI_BASE_URL: model.url } })
  const chat = place.spawn(['chat', '--url', url])
  let stderr = ''
  chat.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const exited = once(chat, 'exit')
  chat.stdin?.end('hi\n')
  await expect.poll(() => model.count, { timeout: 10_000 }).toBe(1)
  service.kill('SIGKILL')
  expect(await exited).toEqual([1, null])
  expect(stderr).toContain('stopped answering')
  expect(stderr).not.toContain('bug')
  await model.close()
})

test('ends quietly when its reader leaves', async () => {
  const chat = place.spawn(['chat'], { env: alone })
  let stderr = ''
  chat.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const exited = once(chat, 'exit')
  chat.stdin?.write('hello\n')
  await once(chat.stdout as NodeJS.ReadableStream, 'data')
  chat.stdout?.destroy()
  chat.stdin?.on('error', () => {})
  chat.stdin?.write('and again\n')
  expect(await exited).toEqual([0, null])
  expect(stderr).toBe('')
})
