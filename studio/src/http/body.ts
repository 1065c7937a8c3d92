import type { Context } from 'hono'
import type { z } from 'zod'
import { checkEntry } from './entry.ts'
import { Problem } from './problem.ts'

/** bytes; what a page sends fits many times. */
const usualLimit = 1024 * 1024
/** Deeper JSON than any form has; what looks at it recurses. */
const maxDepth = 64

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * A JSON body that fits a schema. Read within its limit, without keeping what is over. Throws the problem that names each
 * place where it is wrong; what the schema does not name is wrong, too. And `unauthenticated` for who was let in and has gone
 * since, since a body may take its time.
 */
export async function readBody<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
  limit = usualLimit,
): Promise<z.output<Schema>> {
  if (!/^application\/json *(;|$)/i.test(c.req.header('content-type') ?? '')) {
    throw new Problem('type_unsupported', 'The body is not JSON.', { hint: 'Say "Content-Type: application/json".' })
  }
  const bytes = await readWithin(c.req.raw.body, limit)
  await checkEntry(c)
  return check(schema, parse(bytes))
}

/** The query of the address, as a schema has it. */
export function readQuery<Schema extends z.ZodType>(c: Context, schema: Schema): z.output<Schema> {
  return check(schema, c.req.query())
}

export function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const errors = result.error.issues.flatMap(placesOf)
  const first = errors[0] ?? { pointer: '', detail: 'invalid' }
  throw new Problem('input_invalid', `${first.pointer || 'The body'}: ${first.detail}.`, { errors })
}

function placesOf(issue: z.core.$ZodIssue): { pointer: string; detail: string }[] {
  if (issue.code !== 'unrecognized_keys') return [{ pointer: pointerTo(issue.path), detail: issue.message }]
  return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), detail: 'unknown key' }))
}

/** RFC 6901. */
function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

async function readWithin(body: ReadableStream<Uint8Array> | null, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of body ?? []) {
      size += chunk.byteLength
      if (size > limit) throw new Problem('body_too_large', `The body is larger than ${limit} bytes.`)
      chunks.push(chunk)
    }
  } catch (error) {
    // Whoever sends it has gone, or was cut for taking too long: no failure of Studio's that its log should tell.
    throw error instanceof Problem ? error : new Problem('body_malformed', 'The body ended before its end.')
  }
  return Buffer.concat(chunks)
}

function parse(bytes: Uint8Array): unknown {
  let value: unknown
  try {
    value = JSON.parse(utf8.decode(bytes))
  } catch {
    throw new Problem('body_malformed', 'The body is not JSON in UTF-8.')
  }
  checkShape(value)
  return value
}

/**
 * Keeps out what ends a recursion at the stack's limit, the one key that can reach an object's prototype, and halves of
 * letters, which neither the database nor the canonical form of JSON can hold.
 */
function checkShape(value: unknown): void {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) throw new Problem('body_malformed', `The body is nested more than ${maxDepth} levels deep.`)
    const objects = level.filter((one): one is object => typeof one === 'object' && one !== null)
    if (objects.some((one) => Object.hasOwn(one, '__proto__'))) {
      throw new Problem('body_malformed', 'The body has a key "__proto__".')
    }
    const texts = [...level, ...objects.flatMap((one) => (Array.isArray(one) ? [] : Object.keys(one)))]
    if (texts.some((one) => typeof one === 'string' && !one.isWellFormed())) {
      throw halfALetter(value)
    }
    level = objects.flatMap((one) => Object.values(one) as unknown[])
  }
}

function halfALetter(body: unknown): Problem {
  // Which of the body's own fields has it; written as JSON, a half is an escape, and a text that looks like one has two backslashes.
  const half = /(?<!\\)(\\\\)*\\ud[89a-f]/
  const [field] = Object.entries(Object(body) as object).find(([, part]) => half.test(JSON.stringify(part))) ?? []
  const pointer = field === undefined ? '' : pointerTo([field])
  const errors = [{ pointer, detail: 'has a text with half of a surrogate pair' }]
  return new Problem('input_invalid', `${pointer || 'The body'} has a text with half of a surrogate pair.`, { errors })
}
