import { createHash } from 'node:crypto'
import type { SendInput } from '../api.ts'
import { AsyncvError } from '../errors.ts'
import { checkId } from '../internal/check-id.ts'
import type { Earlier, FileReference, TextPart } from '../message.ts'
import { defaultSpace } from '../session.ts'
import type { WhenBusy } from '../task.ts'
import type { Incoming } from './inbox.ts'

export interface CallerDefaults {
  agents: ReadonlyMap<string, { whenBusy: WhenBusy | null }>
  newId(): string
}

/** `parts` still name files by their id; most messages have none. */
export interface FromCaller {
  incoming: Omit<Incoming, 'parts'> & { parts: (TextPart | FileReference)[] }
  session: string
}

/** What an API caller sent, checked, and what the caller passes as `session` to go on with the conversation. */
export function fromCaller(input: SendInput, { agents, newId }: CallerDefaults): FromCaller {
  const agent = agents.get(input.agent)
  if (agent === undefined) {
    throw new AsyncvError('agent_unknown', `Unknown agent ${JSON.stringify(input.agent)}.`, {
      hint: `Known agents: ${[...agents.keys()].join(', ')}.`,
    })
  }
  const parts = partsOf(input)
  const space = checkName('space', input.space ?? defaultSpace)
  const session = input.session === undefined ? newId() : checkId('session', input.session)
  const { idempotencyKey, person = null, language = null } = input
  const metadata = metadataOf(input)
  const earlier = earlierOf(input)
  const scope = `api:${space}:${input.agent}`
  const incoming: FromCaller['incoming'] = {
    task: newId(),
    address: `${scope}:${session}`,
    agent: input.agent,
    dedupe:
      idempotencyKey === undefined
        ? null
        : {
            scope,
            key: checkId('idempotencyKey', idempotencyKey),
            // Without a session each call is a new conversation, so the fresh id is no part of the body.
            bodyHash: hashOf([
              input.session ?? null,
              parts,
              metadata,
              person,
              language,
              input.whenBusy ?? null,
              ...earlier,
            ]),
          },
    parts,
    whenBusy: input.whenBusy ?? agent.whenBusy ?? 'queue',
    destination: null,
    context: { person, space, language, metadata, ...(earlier.length === 0 ? {} : { earlier }) },
    state: null,
  }
  return { incoming, session }
}

/** What people send in one go; a model would have to read all of them. How large they may be is known where they are kept. */
const mostFiles = 20

function partsOf({ text, parts }: SendInput): (TextPart | FileReference)[] {
  if ((text === undefined) === (parts === undefined)) {
    throw new AsyncvError('input_invalid', 'Give either text or parts.', { hint: 'Such as { "text": "hello" }.' })
  }
  const given = parts === undefined ? [{ type: 'text' as const, text: text as string }] : [...parts]
  for (const [index, part] of given.entries()) {
    if (part?.type === 'text' && typeof part.text === 'string') continue
    if (part?.type === 'file' && typeof part.file === 'string') continue
    throw new AsyncvError('input_invalid', `parts[${index}] is neither text nor a file.`, {
      hint: 'Such as { "type": "text", "text": "hello" } or { "type": "file", "file": "<id>" }.',
    })
  }
  if (given.every((part) => part.type === 'text' && part.text.trim() === '')) {
    throw new AsyncvError('input_invalid', 'The message has no text.', { hint: 'Write at least one character.' })
  }
  const files = given.filter(({ type }) => type === 'file').length
  if (files > mostFiles) {
    throw new AsyncvError('input_invalid', `The message names ${files} files.`, { hint: `Name at most ${mostFiles}.` })
  }
  return given.map((part) =>
    part.type === 'text' ? { type: 'text', text: part.text.toWellFormed() } : { type: 'file', file: part.file },
  )
}

/** Also of callers without types. A conversation that goes on has a history of its own. */
function earlierOf({ history = [], session }: SendInput): Earlier[] {
  if (history.length > 0 && session !== undefined) {
    throw new AsyncvError('input_invalid', 'history is given with a session.', {
      hint: 'Leave session out to begin a conversation, or history to go on with one.',
    })
  }
  return history.map((said, index) => {
    const known = said?.role === 'user' || said?.role === 'assistant'
    if (known && typeof said.text === 'string') return { role: said.role, text: said.text.toWellFormed() }
    throw new AsyncvError('input_invalid', `history[${index}] is nothing that was said.`, {
      hint: 'Such as { "role": "user", "text": "hello" }.',
    })
  })
}

function checkName(name: string, value: string): string {
  if (/^[a-zA-Z0-9_-]{1,64}$/.test(value)) return value
  throw new AsyncvError('input_invalid', `${name} is ${JSON.stringify(value)}.`, {
    hint: 'Use 1 to 64 letters, digits, "_" or "-".',
  })
}

/** A copy, as it is read back from the disk: a task sees the same at each attempt, whatever the caller does to the object. */
function metadataOf({ metadata = {} }: SendInput): Record<string, unknown> {
  const copy = isObject(metadata) ? copyOf(metadata) : undefined
  if (isObject(copy)) return copy
  throw new AsyncvError('input_invalid', 'metadata is not a JSON object.', { hint: 'Such as { "orderId": "7" }.' })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Undefined for a bigint, a circle, and what is deeper than can be walked. */
function copyOf(value: object): unknown {
  try {
    return JSON.parse(JSON.stringify(value))
  } catch {
    return undefined
  }
}

/** The same for the same body, whatever order its keys are in. */
function hashOf(body: unknown): string {
  return createHash('sha256').update(JSON.stringify(body, sortKeys)).digest('base64url')
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
