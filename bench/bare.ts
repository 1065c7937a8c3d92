/** Bare code at its leanest: the same two HTTP calls for each message, through the HTTP client we use, and nothing kept. */
import { Pool } from 'undici'
import type { Contender, Services } from './measure.ts'
import { readAnswer, toMessage, toModelRequest } from './wire.ts'

export async function bare({ modelUrl, telegramUrl, token }: Services): Promise<Contender> {
  const model = new Pool(new URL(modelUrl).origin, { connections: 128 })
  const telegram = new Pool(new URL(telegramUrl).origin, { connections: 128 })
  const headers = { 'content-type': 'application/json', authorization: 'Bearer test' }

  return {
    async handle(session, text) {
      const asked = { method: 'POST', path: '/v1/chat/completions', headers, body: toModelRequest(text) } as const
      const { body } = await model.request(asked)
      body.setEncoding('utf8')
      const answer = await readAnswer(body as AsyncIterable<string>)
      const path = `/bot${token}/sendMessage`
      const sent = await telegram.request({ method: 'POST', path, headers, body: toMessage(session, answer) })
      await sent.body.json()
    },
    commits: async () => 0,
    async close() {
      await Promise.all([model.close(), telegram.close()])
    },
  }
}
