/** The protocols of the service, each as one verb: a message goes in, and the answer or what was wrong comes out. */
import { eventsOf } from '../service.fixture.ts'
import { host2025, host2026 } from '../mcp/clients.fixture.ts'

export interface Asked {
  agent: string
  text: string
  session?: string
  idempotencyKey?: string
  /** Default: none. */
  key?: string
}

export type Outcome =
  | { type: 'answered'; text: string; task: string; session: string }
  /** `task` where the protocol has a place for it, else undefined. */
  | { type: 'refused'; code: string; task?: string | undefined }

export interface Protocol {
  name: string
  ask(url: string, asked: Asked): Promise<Outcome>
}

interface Problem {
  code: string
  task?: string
}

const refused = ({ code, task }: Problem): Outcome => ({ type: 'refused', code, task })

async function post(
  url: string,
  path: string,
  body: object,
  { key, idempotencyKey }: Asked,
  more: Record<string, string> = {},
) {
  return fetch(url + path, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
      ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
      ...more,
    },
    body: JSON.stringify(body),
  })
}

const isEventStream = (response: Response): boolean =>
  response.headers.get('content-type')?.startsWith('text/event-stream') === true

const restPath = ({ agent }: Asked): string => `/v1/agents/${agent}/messages`
const restBody = ({ text, session }: Asked): object => ({ text, ...(session === undefined ? {} : { session }) })

const rest: Protocol = {
  name: 'REST',
  async ask(url, asked) {
    const response = await post(url, restPath(asked), restBody(asked), asked)
    const body = (await response.json()) as { reply: { text: string }; task: string; session: string } & Problem
    if (!response.ok) return refused(body)
    return { type: 'answered', text: body.reply.text, task: body.task, session: body.session }
  },
}

const restStream: Protocol = {
  name: 'REST as a stream',
  async ask(url, asked) {
    const response = await post(url, restPath(asked), restBody(asked), asked, { Accept: 'text/event-stream' })
    if (!isEventStream(response)) return refused((await response.json()) as Problem)
    const { event, data } = (await eventsOf(response)).at(-1) ?? { event: 'nothing', data: {} }
    if (event === 'error') return refused(data as unknown as Problem)
    const { text, task, session } = data as { text: string; task: string; session: string }
    return { type: 'answered', text, task, session }
  },
}

/** OpenAI's protocol has no word for task and session: these are in the answer's head. An error has its code alone. */
const inHead = (response: Response): { task: string; session: string } => ({
  task: response.headers.get('x-asyncv-task') ?? '',
  session: response.headers.get('x-asyncv-session') ?? '',
})
const ofSession = ({ session }: Asked): Record<string, string> =>
  session === undefined ? {} : { 'X-Asyncv-Session': encodeURIComponent(session) }
const openaiError = async (response: Response): Promise<Outcome> =>
  refused(((await response.json()) as { error: Problem }).error)

/** The data of each frame; the last one of a chat is a word and no JSON. */
async function framesOf(response: Response): Promise<Record<string, unknown>[]> {
  return [...(await response.text()).matchAll(/^data: (\{.*)$/gm)].map(([, json]) => JSON.parse(json ?? '{}'))
}

const chatBody = ({ agent, text }: Asked, stream: boolean): object => ({
  model: agent,
  messages: [{ role: 'user', content: text }],
  stream,
})

const chat: Protocol = {
  name: 'chat completions',
  async ask(url, asked) {
    const response = await post(url, '/openai/v1/chat/completions', chatBody(asked, false), asked, ofSession(asked))
    if (!response.ok) return openaiError(response)
    const { choices } = (await response.json()) as { choices: { message: { content: string } }[] }
    return { type: 'answered', text: choices[0]?.message.content ?? '', ...inHead(response) }
  },
}

const chatStream: Protocol = {
  name: 'chat completions as a stream',
  async ask(url, asked) {
    const response = await post(url, '/openai/v1/chat/completions', chatBody(asked, true), asked, ofSession(asked))
    if (!isEventStream(response)) return openaiError(response)
    let text = ''
    for (const frame of (await framesOf(response)) as {
      error?: Problem
      choices?: { delta: { content?: string } }[]
    }[]) {
      if (frame.error !== undefined) return refused(frame.error)
      text += frame.choices?.[0]?.delta.content ?? ''
    }
    return { type: 'answered', text, ...inHead(response) }
  },
}

const responseBody = ({ agent, text }: Asked, stream: boolean): object => ({ model: agent, input: text, stream })

const responses: Protocol = {
  name: 'responses',
  async ask(url, asked) {
    const response = await post(url, '/openai/v1/responses', responseBody(asked, false), asked, ofSession(asked))
    if (!response.ok) return openaiError(response)
    const { output } = (await response.json()) as { output: { content: { text: string }[] }[] }
    return { type: 'answered', text: output[0]?.content[0]?.text ?? '', ...inHead(response) }
  },
}

const responsesStream: Protocol = {
  name: 'responses as a stream',
  async ask(url, asked) {
    const response = await post(url, '/openai/v1/responses', responseBody(asked, true), asked, ofSession(asked))
    if (!isEventStream(response)) return openaiError(response)
    const frames = (await framesOf(response)) as {
      type: string
      response?: { error: Problem | null; output: { content: { text: string }[] }[] }
    }[]
    const last = frames.at(-1)
    if (last?.type === 'response.failed') return refused(codeIn(last.response?.error ?? { code: '' }))
    return { type: 'answered', text: last?.response?.output[0]?.content[0]?.text ?? '', ...inHead(response) }
  },
}

/** The protocol's own codes of a failed response are few, so ours begins the message. */
function codeIn(error: Problem & { message?: string }): Problem {
  return { code: /^(\w+):/.exec(error.message ?? '')?.[1] ?? error.code }
}

function mcp(name: string, connect: typeof host2025 | typeof host2026): Protocol {
  return {
    name,
    async ask(url, { agent, text, session, idempotencyKey, key }) {
      const host = await connect(url, key === undefined ? {} : { Authorization: `Bearer ${key}` }).catch(codeOfHttp)
      if ('code' in host) return refused(host)
      const args = {
        text,
        ...(session === undefined ? {} : { session }),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      }
      try {
        const called = host.callTool({ name: `ask_${agent}`, arguments: args }) as Promise<unknown>
        const answer = await called.catch((error: Error) => ({ failed: error }))
        return outcomeOf(answer as Parameters<typeof outcomeOf>[0])
      } finally {
        await host.close()
      }
    },
  }
}

function outcomeOf(answer: {
  failed?: Error
  content?: { text: string }[]
  structuredContent?: { task: string; session: string }
  _meta?: Record<string, Problem>
}): Outcome {
  const problem = answer._meta?.['asyncv/problem']
  if (problem !== undefined) return refused(problem)
  // A tool that is not there is the protocol's own error: agents are tools, so that is an unknown agent.
  if (answer.failed !== undefined) {
    return /not found|unknown tool/i.test(answer.failed.message)
      ? refused({ code: 'agent_unknown' })
      : refused(codeOfHttp(answer.failed))
  }
  const { task = '', session = '' } = answer.structuredContent ?? {}
  return { type: 'answered', text: answer.content?.[0]?.text ?? '', task, session }
}

/** What the service answers before MCP begins is an HTTP problem, which the clients quote. */
function codeOfHttp(error: unknown): Problem {
  const said = `${String(error)} ${JSON.stringify(error)} ${JSON.stringify((error as { data?: unknown }).data ?? null)}`
  return { code: /"?code\\*"?:\s*\\*"([a-z_]+)/.exec(said)?.[1] ?? said }
}

export const protocols: readonly Protocol[] = [
  rest,
  restStream,
  chat,
  chatStream,
  responses,
  responsesStream,
  mcp('MCP of 2025', host2025),
  mcp('MCP of 2026', host2026),
]
