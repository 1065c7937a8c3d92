/** Bare code as most people write it: the same two HTTP calls through the platform's own `fetch`, and nothing kept. */
import type { Contender, Services } from './measure.ts'
import { readAnswer, toMessage, toModelRequest } from './wire.ts'

export async function fetching({ modelUrl, telegramUrl, token }: Services): Promise<Contender> {
  async function post(url: string, body: string): Promise<Response> {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer test' }
    const response = await fetch(url, { method: 'POST', headers, body })
    if (!response.ok) throw new Error(`${url} answered ${response.status}`)
    return response
  }

  return {
    async handle(session, text) {
      const { body } = await post(`${modelUrl}/chat/completions`, toModelRequest(text))
      if (body === null) throw new Error('The model answered nothing.')
      const answer = await readAnswer(body.pipeThrough(new TextDecoderStream()))
      const sent = await post(`${telegramUrl}/bot${token}/sendMessage`, toMessage(session, answer))
      await sent.json()
    },
    commits: async () => 0,
    close: async () => {},
  }
}
