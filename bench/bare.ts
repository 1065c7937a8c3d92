/** Bare code at its leanest: the same two HTTP calls for each message, through the HTTP client we use, and nothing kept. */
import { Pool } from 'undici'
import type { Contender, Services } from './measure.ts'
import { readAnswer, toMessage, toModelRequest } from './wire.ts'

interface Calls extends Contender {
  ask(text: string): Promise<string>
  send(session: number, answer: string): Promise<void>
}

export async function bare({ modelUrl, telegramUrl, token }: Services): Promise<Calls> {
  const model = new Pool(new URL(modelUrl).origin, { connections: 128 })
  const telegram = new Pool(new URL(telegramUrl).origin, { connections: 128 })
  const headers = { 'content-type': 'application/json', authorization: 'Bearer test' }

  async function ask(text: string): Promise<string> {
    const asked = { method: 'POST', path: '/v1/chat/completions', headers, body: toModelRequest(text) } as const
    const { body } = await model.request(asked)
    body.setEncoding('utf8')
    return readAnswer(body as AsyncIterable<string>)
  }

  async function send(session: number, answer: string): Promise<void> {
    const path = `/bot${token}/sendMessage`
    const sent = await telegram.request({ method: 'POST', path, headers, body: toMessage(session, answer) })
    await sent.body.json()
  }

  return {
    ask,
    send,
    handle: async (session, text) => send(session, await ask(text)),
    commits: async () => 0,
    async close() {
      await Promise.all([model.close(), telegram.close()])
    },
  }
}
