import type { BusboyInstance } from '@fastify/busboy'
import type { HonoRequest } from 'hono'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { Problem } from './problem.ts'

/** A file in the body of a request, as it comes in. */
export interface Upload {
  bytes: AsyncIterable<Uint8Array>
  name?: string
  mediaType?: string
  /** Wants no more of the body, such as after it was refused. Harmless when all of it has been read. */
  leave(): void
}

const maxFields = 20
/** Besides its one file, a form may have a few short fields, which say nothing to us. */
const limits = { files: 1, fields: maxFields, fieldSize: 10_000, parts: maxFields + 1, headerPairs: 50 }

/**
 * The bytes as they are, with their type as `Content-Type` and the name in `?name=`, or a form with one file (RFC 7578), as
 * `curl -F file=@report.pdf` sends it. Throws `type_unsupported`, `input_invalid` and, while it is read, `body_malformed`.
 */
export async function readUpload({ raw }: HonoRequest, name: string | undefined): Promise<Upload> {
  const type = raw.headers.get('content-type') ?? ''
  const coding = raw.headers.get('content-encoding') ?? 'identity'
  if (type === '' || coding !== 'identity') {
    throw new Problem('type_unsupported', type === '' ? 'The body is of no stated type.' : 'The body is compressed.', {
      hint: 'Send the bytes as they are, with their Content-Type.',
    })
  }
  const body = raw.body === null ? Readable.from([]) : Readable.fromWeb(raw.body as NodeReadableStream<Uint8Array>)
  if (/^multipart\/form-data\b/i.test(type)) return fromForm(body, type, name)
  const leave = (): void => void body.destroy()
  return { bytes: whole(body), mediaType: type, leave, ...(name === undefined ? {} : { name }) }
}

/** The types that a page may send to anybody without being asked (Fetch standard, "CORS-safelisted request-header"). */
export function isSimple(type: string): boolean {
  return /^(multipart\/form-data|text\/plain|application\/x-www-form-urlencoded)\b/i.test(type)
}

async function fromForm(body: Readable, type: string, name: string | undefined): Promise<Upload> {
  const form = await begin(type)
  const leave = (): void => void body.destroy()
  // One malformed form may fail several times, and an error that nobody hears would end the process. The first one counts.
  form.on('error', ignore)
  const ended = once(form, 'finish')
  const found = new Promise<Upload | null>((resolve, reject) => {
    form.on('file', (_: string, bytes: Readable, filename: string | undefined, __: string, mediaType: string) => {
      // Also while nobody reads it yet.
      bytes.on('error', ignore)
      form.on('error', (error: Error) => bytes.destroy(error))
      resolve({ bytes: untilTheEnd(bytes), name: name ?? filename ?? 'file', mediaType, leave })
    })
    form.on('filesLimit', () => refuse('The form has more than one file.', 'Send one file at a time.'))
    // Of the parts that come then nobody hears the errors, so the form has to end here.
    form.on('partsLimit', () => refuse(`The form has more than ${maxFields} fields.`, 'Send the file alone.'))
    ended.then(
      () => resolve(null),
      (error: unknown) => reject(asProblem(error)),
    )
  })
  body.on('error', (error) => form.destroy(error))
  body.pipe(form)
  const upload = await found.catch((error: unknown) => {
    leave()
    throw error
  })
  if (upload !== null) return upload
  throw new Problem('input_invalid', 'The form has no file.', {
    hint: 'Send it as "file", such as with curl -F file=@report.pdf.',
  })

  function refuse(what: string, hint: string): void {
    form.destroy(new Problem('input_invalid', what, { hint }))
  }

  /** What follows the file may still be wrong, and then nothing is kept. */
  async function* untilTheEnd(bytes: Readable): AsyncGenerator<Uint8Array> {
    try {
      yield* whole(bytes)
      await ended
    } catch (error) {
      throw asProblem(error)
    }
  }
}

function ignore(): void {}

/** Loaded with the first form. */
async function begin(type: string): Promise<BusboyInstance> {
  const { Busboy } = await import('@fastify/busboy')
  try {
    return new Busboy({ headers: { 'content-type': type }, limits })
  } catch (error) {
    throw asProblem(error)
  }
}

async function* whole(bytes: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes
  } catch (error) {
    throw asProblem(error)
  }
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem('body_malformed', `The body cannot be read to its end: ${(error as Error).message}.`)
}
