import type { MiddlewareHandler } from 'hono'
import { Problem } from './problem.ts'

/** Deeper JSON than any message has; parsers and validators recurse. */
const maxDepth = 64

/**
 * Reads a JSON body within its limits before anything looks at it: type, size (without keeping what is over), UTF-8,
 * depth. What follows finds the text where hono keeps it.
 */
export function jsonBody({ maxBodyBytes }: { maxBodyBytes: number }): MiddlewareHandler {
  return async (c, next) => {
    const { body, headers } = c.req.raw
    if (c.req.method !== 'POST' || body === null || hasNoBody(headers)) return next()
    const type = c.req.header('content-type') ?? ''
    if (!/^application\/json\s*(;|$)/i.test(type)) {
      throw new Problem(
        415,
        'type_unsupported',
        `The body is ${type === '' ? 'of no stated type' : JSON.stringify(type)}.`,
        {
          hint: 'Send JSON with "Content-Type: application/json".',
        },
      )
    }
    const declared = Number(c.req.header('content-length') ?? 0)
    if (declared > maxBodyBytes) throw tooLarge(maxBodyBytes)
    const text = decode(await readWithin(body, maxBodyBytes))
    checkDepth(text)
    checkKeys(text)
    c.req.bodyCache.text = Promise.resolve(text) as never // hono's type says string, and it awaits a promise
    await next()
  }
}

/** RFC 9112, section 6.3: a request without a length and without a transfer coding has no body. */
function hasNoBody(headers: Headers): boolean {
  return headers.get('transfer-encoding') === null && Number(headers.get('content-length') ?? 0) === 0
}

async function readWithin(body: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > limit) {
      await reader.cancel()
      throw tooLarge(limit)
    }
    chunks.push(value)
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new Problem(400, 'body_malformed', 'The body is not valid UTF-8.', {
      hint: 'Encode JSON as UTF-8 (RFC 8259).',
    })
  }
}

/** Counts brackets outside strings, without recursion. */
function checkDepth(text: string): void {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (inString) {
      if (unit === backslash) i++
      else if (unit === quote) inString = false
    } else if (unit === quote) inString = true
    else if (unit === openBrace || unit === openBracket) {
      if (++depth > maxDepth) {
        throw new Problem(400, 'body_malformed', `The body is nested more than ${maxDepth} levels deep.`, {
          hint: 'Send flatter JSON.',
        })
      }
    } else if (unit === closeBrace || unit === closeBracket) depth--
  }
}

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/** Parses, to say where it is malformed and to keep out the one key that can reach an object's prototype. */
function checkKeys(text: string): void {
  try {
    // A reviver sees every key; it costs, so only a body that has the word pays. Escapes could spell it differently.
    JSON.parse(text, /__proto__|\\u/.test(text) ? refuseProto : undefined)
  } catch (error) {
    if (error instanceof Problem) throw error
    throw new Problem(400, 'body_malformed', `The body is not JSON: ${(error as Error).message}`, {
      hint: 'Send a JSON object, such as { "text": "hello" }.',
    })
  }
}

function refuseProto(key: string, value: unknown): unknown {
  if (key !== '__proto__') return value
  throw new Problem(400, 'body_malformed', 'The body has a key "__proto__".', { hint: 'Leave it out.' })
}

function tooLarge(limit: number): Problem {
  return new Problem(413, 'body_too_large', `The body is larger than ${limit} bytes.`, {
    hint: 'Send less, or raise server.maxBodyBytes.',
    headers: { Connection: 'close' },
  })
}
