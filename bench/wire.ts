/** What bare code has to know of the two protocols. */

export function toModelRequest(text: string): string {
  return JSON.stringify({
    model: 'bench',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: text },
    ],
    stream: true,
    stream_options: { include_usage: true },
  })
}

export async function readAnswer(chunks: AsyncIterable<string>): Promise<string> {
  let answer = ''
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (!line.startsWith('data: ') || line === 'data: [DONE]') continue
      answer += JSON.parse(line.slice(6)).choices[0]?.delta?.content ?? ''
    }
  }
  return answer
}

export function toMessage(session: number, text: string): string {
  return JSON.stringify({ chat_id: session + 1, text })
}
