import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { AsyncvError, type Releases, type WholeRelease } from 'asyncv'
import {
  previewRequest,
  releaseCheck,
  releaseCheckRequest,
  releaseRequest,
  releaseState,
  releaseSummary,
  wholeRelease,
} from 'asyncv/schemas'
import { openedBy } from '../opened-by.ts'
import { requestId } from '../request-id.ts'
import type { RouteParts } from '../route-parts.ts'
import type { ManagerOf } from '../service/identify-manager.ts'
import { pageOf, pageQuery, toPageRequest } from './paging.ts'
import { json, problems } from './responses.ts'

/** `/admin/v1/release` and `/admin/v1/releases`: what the runtime is, was, and shall be. */
export function releaseRoutes(
  app: OpenAPIHono,
  releases: Releases,
  { managerOf, body, streams, describe }: Pick<RouteParts, 'body' | 'streams' | 'describe'> & { managerOf: ManagerOf },
): void {
  app.openapi(getRelease, async (c) => {
    const { current, sequences, problems: wrong, ...rest } = await releases.state()
    const state = { ...rest, sequences: [...sequences], problems: wrong === null ? null : [...wrong] }
    return c.json({ ...state, current: current === null ? null : shown(current) }, 200, etagOf(current))
  })
  app.openapi({ ...putRelease, middleware: body }, async (c) => {
    const { envelope, document } = c.req.valid('json')
    const { force = 'false' } = c.req.valid('query')
    const options = { force: force === 'true', by: managerOf(c).actor, ...conditionOf((name) => c.req.header(name)) }
    const applied = await releases.apply({ envelope, document }, options)
    return c.json(shown(applied), 200, etagOf(applied))
  })
  app.openapi(listReleases, async (c) => c.json(await releases.list(toPageRequest(c.req.valid('query'))), 200))
  app.openapi(getRevision, async (c) => {
    const found = await releases.get(Number(c.req.valid('param').revision))
    return c.json(shown(found), 200, etagOf(found))
  })
  app.openapi({ ...checkRelease, middleware: body }, async (c) => {
    const { problems: wrong, ...checked } = await releases.check(c.req.valid('json').document)
    return c.json({ ...checked, problems: [...wrong] }, 200)
  })
  app.openapi({ ...previewRelease, middleware: body }, (c) => {
    const { agent, history, ...input } = c.req.valid('json')
    const given = { ...input, ...(agent === undefined ? {} : { agent }), ...(history === undefined ? {} : { history }) }
    const head = { 'X-Request-Id': requestId(c) }
    const manager = managerOf(c)
    const events = (left: AbortSignal) => manager.follow(left, (signal) => releases.preview(given, { signal }))
    return streams.events(events, (error) => describe(error, c), head) as never // a stream is no typed answer
  })
}

function shown(release: WholeRelease): z.infer<typeof wholeRelease> {
  return { ...release }
}

function etagOf(release: { hash: string } | null): Record<string, string> {
  return release === null ? {} : { ETag: `"${release.hash}"` }
}

/** RFC 9110, section 13.1: `If-Match` with the hash that has to be in force, or `If-None-Match: *` when none may be. */
function conditionOf(header: (name: string) => string | undefined): { ifMatch?: string | null } {
  const match = header('if-match')
  const noneMatch = header('if-none-match')
  if (match === undefined && noneMatch === undefined) return {}
  if (match === undefined && noneMatch?.trim() === '*') return { ifMatch: null }
  const [, hash] = /^\s*"(sha256:[0-9a-f]{64})"\s*$/.exec(match ?? '') ?? []
  if (hash !== undefined && noneMatch === undefined) return { ifMatch: hash }
  throw new AsyncvError('input_invalid', 'The condition of the request is none that a release can have.', {
    hint: 'Give If-Match with the one ETag of GET /admin/v1/release, or If-None-Match: * for the first release.',
  })
}

const getRelease = createRoute({
  method: 'get',
  path: '/admin/v1/release',
  security: openedBy('configure'),
  summary: 'The release that is in force, and what a publisher needs to know for the next',
  responses: { 200: json(releaseState, 'With the hash of the current release as ETag'), ...problems },
})

const putRelease = createRoute({
  method: 'put',
  path: '/admin/v1/release',
  security: openedBy('configure'),
  summary: 'Put a release in force, all or nothing; once more, it gives the same answer',
  request: {
    query: z.strictObject({
      force: z
        .enum(['true', 'false'])
        .optional()
        .describe('Although its sequence is not above its publisher’s last; the audit log tells'),
    }),
    body: { required: true, content: { 'application/json': { schema: releaseRequest } } },
  },
  responses: { 200: json(wholeRelease, 'It is in force'), ...problems },
})

const listReleases = createRoute({
  method: 'get',
  path: '/admin/v1/releases',
  security: openedBy('configure'),
  summary: 'The releases that were in force, newest first, without their documents',
  request: { query: pageQuery },
  responses: { 200: json(pageOf(releaseSummary), 'A page of releases'), ...problems },
})

const getRevision = createRoute({
  method: 'get',
  path: '/admin/v1/releases/{revision}',
  security: openedBy('configure'),
  summary: 'A release by its number, with its document',
  request: { params: z.object({ revision: z.string().regex(/^[1-9]\d{0,14}$/, 'give a number from 1 up') }) },
  responses: { 200: json(wholeRelease, 'The release'), ...problems },
})

const checkRelease = createRoute({
  method: 'post',
  path: '/admin/v1/release/check',
  security: openedBy('configure'),
  summary: 'What is wrong with a document, or what it would change; nothing is done',
  request: { body: { required: true, content: { 'application/json': { schema: releaseCheckRequest } } } },
  responses: { 200: json(releaseCheck, 'The verdict; a problem is one, too'), ...problems },
})

const previewRelease = createRoute({
  method: 'post',
  path: '/admin/v1/preview',
  security: openedBy('configure'),
  summary: 'Have a message answered by an agent of a document that is not in force; nothing is sent or kept',
  request: { body: { required: true, content: { 'application/json': { schema: previewRequest } } } },
  responses: {
    200: {
      description:
        'What happens, as with messages; each `data` an event, the last one `preview.finished` or an `error`',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...problems,
  },
})
