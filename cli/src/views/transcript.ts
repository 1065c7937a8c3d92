import type { FilePart, Message, Session, Task } from 'asyncv'
import type { Client, PageOf, Query } from '../calling/client.ts'
import { bytesOf } from '../terminal/bytes.ts'
import { clean, cleanLine } from '../terminal/clean.ts'
import type { Screen } from '../terminal/screen.ts'
import { secondOf } from '../terminal/time.ts'
import { wrap } from '../terminal/wrap.ts'
import { words } from '../words/spoken.ts'

export interface Transcript {
  session: Session
  /** Oldest first. */
  messages: Message[]
  /** Those that answer them, in the order in which they were made. */
  tasks: Task[]
  /** Of what was said before; null at the beginning. */
  nextCursor: string | null
}

/** A page of a conversation, the latest one first of all: what came in, and the tasks that answer it. */
export async function readTranscript(client: Client, id: string, query: Query): Promise<Transcript> {
  const path = `/v1/sessions/${encodeURIComponent(id)}`
  const [session, page] = await Promise.all([
    client.get<Session>(path, 'id'),
    client.get<PageOf<Message>>(`${path}/messages`, 'data', { ...query, order: 'newest' }),
  ])
  const messages = page.data.toReversed()
  const tasks = await tasksOf(client, session.id, messages)
  return { session, messages, tasks, nextCursor: page.nextCursor }
}

/** Tasks are listed newest first, as the messages of the page were: no more pages are read than it takes to meet them all. */
async function tasksOf(client: Client, session: string, messages: readonly Message[]): Promise<Task[]> {
  const wanted = new Set(messages.flatMap(({ task }) => (task === null ? [] : [task])))
  const found: Task[] = []
  for (let cursor: string | null = ''; wanted.size > 0 && cursor !== null; ) {
    const query: Query = { session, limit: '500', cursor: cursor === '' ? undefined : cursor }
    const page: PageOf<Task> = await client.get<PageOf<Task>>('/v1/tasks', 'data', query)
    for (const task of page.data) {
      if (!wanted.delete(task.id)) continue
      found.push(task)
    }
    cursor = page.nextCursor
  }
  return found.toReversed()
}

interface Said {
  /** Of a message: what `asyncv trace` takes. */
  id?: string
  /** `null`: not yet. */
  at: number | null
  who: string
  isAgent: boolean
  text: string
  /** It is about what was said, and nobody's words. */
  isNote: boolean
}

/** Who said what, and when, each under a line of their own. */
export function drawTranscript({ session, messages, tasks }: Transcript, { columns, paint }: Screen): string {
  const said = [...messages.map(ofMessage), ...tasks.flatMap(ofTask)].sort(byTime)
  const head = paint.bold(words.transcript.head(cleanLine(session.agent), cleanLine(session.address)))
  if (said.length === 0) return `${head}\n\n${paint.dim(words.transcript.nothing)}`
  const blocks = said.map(({ id, at, who, isAgent, text, isNote }) => {
    const name = (isAgent ? paint.cyan : paint.green)(who)
    const lines = wrap(text, columns === null ? null : columns - 2).map((line) => (isNote ? paint.dim(line) : line))
    return [
      [name, ...[at === null ? '' : secondOf(at), id ?? ''].filter((note) => note !== '').map(paint.dim)].join('  '),
      ...lines.map((line) => `  ${line}`.trimEnd()),
    ].join('\n')
  })
  return [head, ...blocks].join('\n\n')
}

/** What is not there yet comes last. */
function byTime(a: Said, b: Said): number {
  if (a.at === null || b.at === null) return Number(a.at === null) - Number(b.at === null)
  return a.at - b.at
}

function ofMessage({ id, parts, person, receivedAt, task }: Message): Said {
  const texts = parts.map((part) => (part.type === 'text' ? clean(part.text) : shown(part)))
  const isNote = parts.length === 0
  return {
    id,
    at: receivedAt,
    who: cleanLine(person?.name ?? person?.id ?? words.transcript.person),
    isAgent: false,
    text: isNote && task === null ? words.transcript.command : texts.join('\n'),
    isNote,
  }
}

function ofTask({ agent, state, reply, error, endedAt, createdAt }: Task): Said[] {
  const who = cleanLine(agent)
  const { notYet, noAnswer } = words.transcript
  // Another task answers in its place.
  if (state === 'absorbed') return []
  if (reply !== null) {
    const text = reply.map((part) => clean(part.text)).join('')
    return [{ at: endedAt ?? createdAt, who, isAgent: true, text, isNote: false }]
  }
  const why =
    error === null ? words.states[state] : `${words.states[state]}, ${error.code}: ${cleanLine(error.message)}`
  const note = endedAt === null ? notYet(words.states[state]) : noAnswer(why)
  return [{ at: endedAt, who, isAgent: true, text: note, isNote: true }]
}

function shown({ name, mediaType, size }: FilePart): string {
  return words.transcript.file(cleanLine(name), cleanLine(mediaType), bytesOf(size))
}
