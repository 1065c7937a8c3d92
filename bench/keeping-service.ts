/** The least service that keeps what asyncv keeps: bare `node:http`, a key, a model call, and rows written by hand. */
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Provider, systemClock } from 'asyncv'
import { keepByHand } from './keeping.ts'

export async function keepingService(provider: Provider) {
  const store = await keepByHand()
  const key = randomUUID()
  const hashOf = (credential = '') => createHash('sha256').update(credential).digest()
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

  function respond(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    if (!timingSafeEqual(hashOf(request.headers.authorization), known)) return respond(response, 401, {})
    if (request.method === 'GET') return respond(response, 200, store.task(request.url?.split('/').at(-1) ?? ''))
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => void answer(body).then((result) => respond(response, 200, result)))
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
