/** The least service that keeps what asyncv keeps: bare `node:http`, a key, a model call, and rows written by hand. */
import { hash, randomUUID, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Provider, systemClock } from 'asyncv'
import { Pool } from 'undici'
import { keepByHand } from './keeping.ts'
import { readAnswer } from './wire.ts'

export async function keepingService(provider: Provider, modelUrl?: string) {
  const model = modelUrl === undefined ? null : new Pool(new URL(modelUrl).origin)
  const store = await keepByHand()
  const key = randomUUID()
  const hashOf = (credential = '') => Buffer.from(hash('sha256', credential, 'base64url'))
  const known = hashOf(`Bearer ${key}`)

  async function answer(body: string) {
    const { text } = JSON.parse(body) as { text: string }
    const kept = await store.accept(`api:default:helper:${systemClock.id()}`, text, null)
    const messages = [{ role: 'user' as const, parts: [{ type: 'text' as const, text }] }]
    const request = { model: 'demo', instructions: '', messages, tools: [], maxOutputTokens: 1_000 }
    const { signal } = new AbortController()
    let said = ''
    for await (const event of provider.stream(request, { signal, key: '' })) {
      if (event.type === 'text.delta') said += event.text
    }
    await store.finish(kept, text, said, null)
    return { ...kept, reply: { text: said } }
  }

  /** A completion of a model, passed on and kept. */
  async function pass(body: string) {
    if (model === null) throw new Error('There is no model.')
    const { messages } = JSON.parse(body) as { messages: { content: string }[] }
    const text = messages.at(-1)?.content ?? ''
    const kept = await store.accept(`api:default:helper:${systemClock.id()}`, text, null)
    const asked = { model: 'bench', messages, stream: true, stream_options: { include_usage: true } }
    const headers = { 'content-type': 'application/json', authorization: 'Bearer test' }
    const request = { method: 'POST', path: '/v1/chat/completions', headers, body: JSON.stringify(asked) } as const
    const { body: answer } = await model.request(request)
    answer.setEncoding('utf8')
    const said = await readAnswer(answer as AsyncIterable<string>)
    await store.finish(kept, text, said, null)
    const message = { role: 'assistant', content: said }
    return { id: kept.task, object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }] }
  }

  function respond(response: ServerResponse, status: number, body: unknown): void {
    const text = JSON.stringify(body)
    const head = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    response.writeHead(status, head).end(text)
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    if (!timingSafeEqual(hashOf(request.headers.authorization), known)) return respond(response, 401, {})
    if (request.method === 'GET') return respond(response, 200, store.task(request.url?.split('/').at(-1) ?? ''))
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    const carryOut = request.url?.startsWith('/openai/') ? pass : answer
    request.on('end', () => void carryOut(body).then((result) => respond(response, 200, result)))
  }

  const server = createServer(handle)
  const { task } = await answer('{"text":"hello"}')
  return {
    server,
    key,
    task,
    close() {
      server.closeAllConnections()
      server.close()
      store.close()
    },
  }
}
