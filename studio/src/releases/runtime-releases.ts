/** What a runtime says of its releases, over HTTP: parsed once, here. */
import {
  problem as problemSchema,
  type ReleaseEnvelope,
  releaseEnvelope,
  releaseState,
  wholeRelease,
} from 'asyncv/schemas'
import { z } from 'zod'
import { Problem } from '../http/problem.ts'
import type { Question, RuntimePort } from '../items/runtime-port.ts'
import { said } from '../items/said.ts'

/** So many are kept of what is wrong with one document. */
const mostPlaces = 200
const places = z.array(z.object({ pointer: said, detail: said })).transform((all) => all.slice(0, mostPlaces))

/** What is looked at of it; a newer runtime may say more, and an older one less. */
const stateSeen = releaseState.pick({ sequences: true }).extend({
  // It is signed, as it is.
  runtime: releaseEnvelope.shape.audience.refine((text) => text.isWellFormed()),
  current: wholeRelease
    .pick({ revision: true, hash: true, envelope: true, appliedAt: true })
    .extend({ publisher: said })
    .nullable(),
  problems: places.nullable(),
})
const verdictSeen = z.object({ problems: places })
const problemSeen = problemSchema
  .pick({ status: true })
  .extend({ code: said, detail: said, hint: said.optional(), errors: places.optional() })

export type RuntimeState = z.infer<typeof stateSeen>
export type RuntimeProblem = z.infer<typeof problemSeen>

/** A runtime lets connectors start for a minute before it says that one did not. ms. */
const putMs = 90_000
/** As many as a runtime keeps. */
const pages = 2
const perPage = 500

const page = z.object({
  data: z.array(z.object({ revision: z.int(), envelope: z.object({ signature: z.string() }).nullable() })),
  nextCursor: said.nullable(),
})

export interface RuntimeReleases {
  state(signal: AbortSignal): Promise<RuntimeState>
  check(document: unknown, signal: AbortSignal): Promise<z.infer<typeof verdictSeen>>
  /** The revision that an envelope was applied as; null when it was not. */
  revisionOf(envelope: Pick<ReleaseEnvelope, 'signature'>, signal: AbortSignal): Promise<number | null>
  put(request: PutRequest, signal: AbortSignal): Promise<{ revision: number } | RuntimeProblem>
}

export interface PutRequest {
  envelope: ReleaseEnvelope
  document: unknown
  /** Although its sequence is not above the last one there. */
  force: boolean
}

/** Everything but a refused `put` rejects with a `Problem`. */
export function releasesOf(runtimes: Pick<RuntimePort, 'ask'>, runtime: string): RuntimeReleases {
  return {
    state: (signal) => ask({ method: 'GET', path: '/admin/v1/release', signal }, stateSeen),
    check: (document, signal) =>
      ask({ method: 'POST', path: '/admin/v1/release/check', body: { document }, signal }, verdictSeen),
    async revisionOf({ signature }, signal) {
      let cursor: string | null = null
      for (let read = 0; read < pages; read++) {
        const from: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
        const path = `/admin/v1/releases?limit=${perPage}${from}`
        const { data, nextCursor } = await ask({ method: 'GET', path, signal }, page)
        const found = data.find(({ envelope }) => envelope?.signature === signature)
        if (found !== undefined) return found.revision
        if (nextCursor === null) return null
        cursor = nextCursor
      }
      return null
    },
    async put({ envelope, document, force }, signal) {
      const { parentHash } = envelope
      const { status, body } = await runtimes.ask(runtime, {
        method: 'PUT',
        path: `/admin/v1/release${force ? '?force=true' : ''}`,
        // What is in force when it arrives is what was looked at.
        headers: parentHash === null ? { 'If-None-Match': '*' } : { 'If-Match': `"${parentHash}"` },
        body: { envelope, document },
        signal,
        waitMs: putMs,
      })
      return status === 200 ? parsed(wholeRelease, body) : problemIn(status, body)
    },
  }

  async function ask<Schema extends z.ZodType>(question: Question, schema: Schema): Promise<z.output<Schema>> {
    const { status, body } = await runtimes.ask(runtime, question)
    if (status === 200) return parsed(schema, body)
    const { code, detail, hint } = problemIn(status, body)
    throw new Problem(
      'runtime_refused',
      `The runtime answers ${status} ${code}: ${detail}`,
      hint === undefined ? {} : { hint },
    )
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const { success, data } = schema.safeParse(body)
  if (success) return data
  throw new Problem('runtime_unreachable', 'What answers there is no asyncv runtime that this Studio understands.', {
    hint: 'Check the management URL of the runtime, and whether both are of the same version.',
  })
}

/** Something in between may answer instead, such as a proxy with a page of HTML. */
function problemIn(status: number, body: unknown): RuntimeProblem {
  const { success, data } = problemSeen.safeParse(body)
  if (success) return data
  return { status, code: 'internal', detail: `Something answers ${status} that is no problem document.` }
}
