/** Bare code: the same two HTTP calls for each message, through the same HTTP client, and nothing kept. */
import { Pool } from 'undici'
import type { Contender, Services } from './measure.ts'

export async function bare({ modelUrl, telegramUrl, token }: Services): Promise<Contender> {
  const model = new Pool(new URL(modelUrl).origin, { connections: 128 })
  const telegram = new Pool(new URL(telegramUrl).origin, { connections: 128 })

  async function ask(text: string): Promise<string> {
    const { body } = await model.request({
      method: 'POST',
      path: '/v1/chat/completions',
      headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
      body: JSON.stringify({
        model: 'bench',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: text },
        ],
        stream: true,
        stream_options: { include_usage: true },
      }),
    })
    let answer = ''
    let rest = ''
    body.setEncoding('utf8')
    for await (const chunk of body as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (!line.startsWith('data: ') || line === 'data: [DONE]') continue
        answer += JSON.parse(line.slice(6)).choices[0]?.delta?.content ?? ''
      }
    }
    return answer
  }

  return {
    async handle(session, text) {
      const answer = await ask(text)
      const { body } = await telegram.request({
        method: 'POST',
        path: `/bot${token}/sendMessage`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ chat_id: session + 1, text: answer }),
      })
      await body.json()
    },
    commits: async () => 0,
    async close() {
      await Promise.all([model.close(), telegram.close()])
    },
  }
}
