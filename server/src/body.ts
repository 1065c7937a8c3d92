import type { Context, HonoRequest, MiddlewareHandler } from 'hono'
import { findMalformed } from './json-place.ts'
import { Problem } from './problem.ts'

/** Deeper JSON than any message has; parsers and validators recurse. */
const maxDepth = 64

/** A body that takes longer may have begun with a key that was revoked since. ms. */
const longMs = 250

/**
 * Reads a JSON body within its limits before anything looks at it: type, size (without keeping what is over), UTF-8,
 * depth, keys. It is parsed here, once; what follows gets the value from `c.req.json()`. `identifyAgain` throws for who
 * may not call any more.
 */
export function jsonBody(maxBodyBytes: number, identifyAgain: (c: Context) => Promise<void>): MiddlewareHandler {
  return async (c, next) => {
    const type = c.req.header('content-type') ?? ''
    checkForm(type, c.req.header('content-encoding') ?? 'identity')
    if (!knownToHono.test(type)) c.req.raw.headers.set('content-type', 'application/json')
    const begun = performance.now()
    const bytes = await readBytes(c.req, maxBodyBytes)
    if (performance.now() - begun >= longMs) await identifyAgain(c)
    const text = decode(bytes)
    checkDepth(text)
    const value = parse(text)
    c.req.json = async () => value as never // it is whatever its caller says, until the schema has seen it
    await next()
  }
}

/**
 * RFC 8259 knows one encoding; other parameters mean nothing, and may be missing (RFC 9110, section 5.6.6). Spaces can be
 * taken in one way only, so that no type takes long to refuse.
 */
const jsonInUtf8 =
  /^application\/json(?:[ \t]*;(?:[ \t]*(?:charset="?utf-8"?|(?!charset)[a-z0-9-]+=(?:"[^"]*"|[^;"\s]+)))?)*[ \t]*$/i

/** As @hono/zod-openapi looks at it again. What it would refuse it gets in plain words; a head that needs none stays as it is. */
const knownToHono = /^application\/json(?:;\s*[a-z0-9-]+=[^;]+)*$/i

function checkForm(type: string, coding: string): void {
  if (jsonInUtf8.test(type) && coding === 'identity') return
  const shown = type === '' ? 'of no stated type' : JSON.stringify(type)
  const found = jsonInUtf8.test(type) ? `compressed (${JSON.stringify(coding)})` : shown
  throw new Problem('type_unsupported', `The body is ${found}.`, {
    hint: 'Send UTF-8 JSON, not compressed, with "Content-Type: application/json".',
  })
}

/** A body as it came. Throws `body_too_large` without keeping what is over, and `body_malformed` when it is cut. */
export async function readBytes({ raw }: Pick<HonoRequest, 'raw'>, limit: number): Promise<ArrayBuffer | Uint8Array> {
  const stated = raw.headers.get('content-length')
  if (Number(stated) > limit) throw tooLarge(limit)
  try {
    // HTTP holds a body to its stated length, so it can be read in one go, which costs far less than a stream.
    const bytes = await (stated === null ? readWithin(raw.body, limit) : raw.arrayBuffer())
    if (bytes.byteLength > limit) throw tooLarge(limit) // a program that mounts the service is not held to anything
    return bytes
  } catch (error) {
    if (error instanceof Problem) throw error
    throw new Problem('body_malformed', 'The body ended before it was whole.')
  }
}

async function readWithin(body: ReadableStream<Uint8Array> | null, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = body?.getReader()
  for (;;) {
    const next = await reader?.read()
    if (next === undefined || next.done) return Buffer.concat(chunks)
    size += next.value.byteLength
    if (size > limit) {
      await reader?.cancel()
      throw tooLarge(limit)
    }
    chunks.push(next.value)
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decode(bytes: ArrayBuffer | Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new Problem('body_malformed', 'The body is not valid UTF-8.', { hint: 'Encode JSON as UTF-8 (RFC 8259).' })
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
        throw new Problem('body_malformed', `The body is nested more than ${maxDepth} levels deep.`, {
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

/** Says where the text is malformed, and keeps out the one key that can reach an object's prototype. */
function parse(text: string): unknown {
  try {
    // A reviver sees every key; it costs, so only a body that may have this one pays. Escapes could spell it.
    return JSON.parse(text, /__proto__|\\u/.test(text) ? refuseProto : undefined)
  } catch (error) {
    if (error instanceof Problem) throw error
    const place = findMalformed(text)
    const where = place === null ? '' : ` at line ${place.line}, column ${place.column}: expected ${place.expected}`
    throw new Problem('body_malformed', `The body is not JSON${where}.`, {
      hint: 'Send a JSON object, such as { "text": "hello" }.',
    })
  }
}

function refuseProto(key: string, value: unknown): unknown {
  if (key !== '__proto__') return value
  throw new Problem('body_malformed', 'The body has a key "__proto__".', { hint: 'Leave it out.' })
}

function tooLarge(limit: number): Problem {
  return new Problem('body_too_large', `The body is larger than ${limit} bytes.`, {
    hint: 'Send less, or raise server.maxBodyBytes.',
  })
}
