import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { remoteCaller } from './remote-caller.ts'

let service: Server | undefined
afterEach(() => {
  service?.close()
  service?.closeAllConnections()
})

/** A service that lists its agents as it should, and answers everything else so. */
async function bridgeTo(answer: RequestListener): ReturnType<typeof remoteCaller> {
  service = createServer((request, response) => {
    if (request.url === '/v1/agents') response.end('{"data":[]}')
    else answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(service, 'listening')
  const { port } = service.address() as { port: number }
  return remoteCaller({ url: `http://127.0.0.1:${port}`, key: null })
}

async function ask({ stream }: Awaited<ReturnType<typeof remoteCaller>>, signal?: AbortSignal): Promise<string[]> {
  const types: string[] = []
  for await (const { type } of stream({ agent: 'helper', text: 'hi' }, signal && { signal })) types.push(type)
  return types
}

const accepted = `event: task.accepted\ndata: ${JSON.stringify({ type: 'task.accepted', task: 't1' })}\n\n`
const finished = `event: task.finished\ndata: ${JSON.stringify({ type: 'task.finished', task: 't1' })}\n\n`
const hint = 'Is it running? Start it with "asyncv start".'

test('a service that dies in the middle of an answer does not run, and the task has a name', async () => {
  const bridge = await bridgeTo((_, response) => {
    response.write(accepted, () => response.destroy())
  })
  await expect(ask(bridge)).rejects.toMatchObject({ code: 'not_running', hint, task: 't1' })
})

test('an answer that stops without an end is none', async () => {
  const bridge = await bridgeTo((_, response) => response.end(accepted))
  await expect(ask(bridge)).rejects.toMatchObject({ code: 'not_running', hint, task: 't1' })
  const whole = await bridgeTo((_, response) => response.end(accepted + finished))
  expect(await ask(whole)).toEqual(['task.accepted', 'task.finished'])
})

test('whoever gives up is told of that, and of no service that does not run', async () => {
  const bridge = await bridgeTo((_, response) => response.write(accepted))
  const giveUp = new AbortController()
  const asked = ask(bridge, giveUp.signal)
  await once(service as Server, 'request')
  giveUp.abort()
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
})

test.each<[string, number, string]>([
  ['the error page of a proxy', 502, '<html>Bad Gateway</html>'],
  ['the error of a proxy that answers in JSON', 503, '{"message":"no upstream"}'],
  ['a page to log in', 200, '<html>Who are you?</html>'],
])('%s is no answer of a service', async (_, status, page) => {
  const bridge = await bridgeTo((_, response) => response.writeHead(status).end(page))
  const wrong = { code: 'not_running', hint, message: expect.stringContaining(`answered ${status}`) }
  await expect(bridge.task('t1')).rejects.toMatchObject(wrong)
})

test('an answer that breaks off is none', async () => {
  const bridge = await bridgeTo((_, response) => {
    response.writeHead(200, { 'Content-Length': 100 })
    response.write('{"id":', () => response.destroy())
  })
  await expect(bridge.task('t1')).rejects.toMatchObject({ code: 'not_running', hint })
})

test('what the service refuses is said in its words', async () => {
  const problem = { code: 'task_unknown', detail: 'No task "t1".', status: 404 }
  const bridge = await bridgeTo((_, response) => response.writeHead(404).end(JSON.stringify(problem)))
  await expect(bridge.task('t1')).rejects.toMatchObject({ name: 'RefusedByService', problem })
})
