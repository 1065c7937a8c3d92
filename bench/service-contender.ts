/** One server in its own process: asyncv's, or the least that could stand in its place. Says its address, ends when told to. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openai } from '@asyncv/openai'
import { createServer } from '@asyncv/server'
import { serve } from '@hono/node-server'
import { type Connector, createAsyncv, offline } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { Hono } from 'hono'
import { keepingService } from './keeping-service.ts'

interface Contender {
  url: string
  key?: string
  task?: string
  close(): Promise<void> | void
}

/** A hono route that makes the same provider call and keeps nothing; and a bare `node:http` answer for reads. */
async function bare(): Promise<Contender> {
  const provider = offline()
  const app = new Hono().post('/v1/agents/helper/messages', async (c) => {
    const { text } = await c.req.json<{ text: string }>()
    const messages = [{ role: 'user' as const, parts: [{ type: 'text' as const, text }] }]
    let answer = ''
    const { signal } = new AbortController()
    const request = { model: 'demo', instructions: '', messages, tools: [], maxOutputTokens: 1_000 }
    for await (const event of provider.stream(request, { signal, key: '' })) {
      if (event.type === 'text.delta') answer += event.text
    }
    return c.json({ reply: { text: answer } })
  })
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  return { url: addressOf(server.address() as AddressInfo), close: () => void server.close() }
}

async function http(): Promise<Contender> {
  const body = JSON.stringify({ id: 'x', state: 'done', reply: [{ type: 'text', text: 'an answer of some length' }] })
  const server = createHttpServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return { url: addressOf(server.address() as AddressInfo), close: () => void server.close() }
}

/** A platform that sends over HTTP: its acknowledgement is the commit. */
function sending(): Connector {
  let accept: (event: string) => Promise<unknown> = async () => {}
  return {
    type: 'bench',
    supports: {
      textLimit: 4_096,
      edits: false,
      typing: false,
      streaming: null,
      pace: { perConversationMs: 0, perGroupPerMinute: 0, perSecond: 0, isGroup: () => false },
    },
    async start(host) {
      accept = (event) =>
        host.accept(
          {
            type: 'message',
            eventId: event,
            from: { account: 'bench:1', conversation: event },
            person: { id: event },
            parts: [{ type: 'text', text: 'hello' }],
          },
          { account: 'bench:1' },
        )
      return { account: 'bench:1' }
    },
    stop: async () => {},
    send: async () => ({ target: '1', at: 0 }),
    async webhook(request) {
      await accept(await request.text())
      return new Response(null, { status: 200 })
    },
  }
}

async function shipped(): Promise<Contender> {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-bench-'))
  const asyncv = createAsyncv({
    storage: sqlite(join(folder, 'asyncv.db')),
    providers: modelUrl === undefined ? {} : { main: openai({ baseURL: modelUrl, apiKey: 'test' }) },
    agents: [
      { name: 'helper', model: 'offline/demo', limits: { historyTokens: 0 } },
      ...(modelUrl === undefined ? [] : [{ name: 'passing', model: 'main/bench' }]),
    ],
    connectors: { bench: sending() },
    routes: [{ connector: 'bench', agent: 'helper' }],
    events: { keepMs: 60_000 },
  })
  await asyncv.start()
  const listening = await createServer(asyncv).listen({ host: '127.0.0.1', port: 0 })
  const { key } = await asyncv.keys.create({ name: 'bench' })
  const { task } = await asyncv.send({ agent: 'helper', text: 'hello' })
  return {
    url: listening.url,
    key,
    task,
    async close() {
      await listening.close({ graceMs: 0 })
      await asyncv.stop({ drainMs: 0 })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Code by hand that keeps as much, to compare with. */
async function byHand(): Promise<Contender> {
  const { server, key, task, close } = await keepingService(offline(), modelUrl)
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return { url: addressOf(server.address() as AddressInfo), key, task, close }
}

function addressOf({ port }: AddressInfo): string {
  return `http://127.0.0.1:${port}`
}

const [, , name, modelUrl] = process.argv
const contender = await { bare, http, byHand, shipped }[name as 'bare' | 'http' | 'byHand' | 'shipped']()
const { url, key, task } = contender
process.on('message', async (order: 'end' | 'memory') => {
  if (order === 'memory') {
    globalThis.gc?.()
    process.send?.({ rss: process.memoryUsage().rss })
    return
  }
  await contender.close()
  process.disconnect()
})
process.send?.({ url, key, task })
