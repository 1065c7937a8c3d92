import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { StoredFile } from 'asyncv'
import { storedFile } from 'asyncv/schemas'
import { download } from '../download.ts'
import { Problem } from '../problem.ts'
import { requestId } from '../request-id.ts'
import type { RouteParts } from '../route-parts.ts'
import { isSimple, readUpload } from '../upload.ts'
import { pageOf, pageQuery, toPageRequest } from './paging.ts'
import { json, problems } from './responses.ts'

export function fileRoutes(app: OpenAPIHono, { callerOf, basePath }: Pick<RouteParts, 'callerOf' | 'basePath'>): void {
  app.openapi(putFile, async (c) => {
    const caller = callerOf(c)
    // Who needs no key must not be able to do this from a page of somebody else's.
    if (caller.isAnonymous && isSimple(c.req.header('content-type') ?? '')) throw wantsAnotherType()
    // Before the body is looked at: who may not hand it in has no use for what is wrong with it.
    caller.files.checkPut()
    const upload = await readUpload(c.req, c.req.valid('query').name)
    const file = await caller.files.put(upload).finally(upload.leave)
    return c.json(file, 201, { Location: `${basePath}/v1/files/${file.id}` })
  })
  app.openapi(listFiles, async (c) => c.json(await callerOf(c).files.list(toPageRequest(c.req.valid('query'))), 200))
  app.openapi(getFile, async (c) => c.json(await callerOf(c).files.get(c.req.valid('param').id), 200))
  app.openapi(getContent, async (c) => {
    const { files } = callerOf(c)
    const { id } = c.req.valid('param')
    const file = await files.get(id)
    const headers = { ...headOf(file), 'X-Request-Id': requestId(c) }
    if (isKnown(file, c.req.header('if-none-match'))) return new Response(null, { status: 304, headers }) as never
    // A HEAD tells of the bytes and opens none.
    const body = c.req.method === 'HEAD' ? null : await download(await files.read(id))
    return new Response(body, { headers }) as never // a stream is no typed answer
  })
  app.openapi(removeFile, async (c) => {
    await callerOf(c).files.remove(c.req.valid('param').id)
    return c.body(null, 204)
  })
}

/** RFC 9110, section 13.1.2: one of a list, or any; a proxy that compresses makes a tag a weak one. */
function isKnown({ sha256 }: StoredFile, ifNoneMatch = ''): boolean {
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes(`"${sha256}"`) || tags.includes('*')
}

/** Somebody handed it in, so no browser may take it for a page of ours. */
function headOf({ name, mediaType, size, sha256 }: StoredFile): Record<string, string> {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  return {
    'Content-Type': mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType,
    'Content-Length': String(size),
    // RFC 6266: the second one is for names that the first cannot hold.
    'Content-Disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encoded(name)}`,
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'private, no-cache',
    ETag: `"${sha256}"`,
  }
}

/** RFC 8187. */
function encoded(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}

function wantsAnotherType(): Problem {
  return new Problem(
    'type_unsupported',
    'Without a key, forms and plain text are not taken: any web page could send them.',
    {
      hint: 'Send the bytes as they are with "Content-Type: application/octet-stream" and ?name=, or make a key.',
    },
  )
}

const params = z.object({ id: z.string() })
const bytes = { schema: z.string().meta({ format: 'binary' }) }

const putFile = createRoute({
  operationId: 'putFile',
  tags: ['Files'],
  method: 'post',
  path: '/v1/files',
  summary: 'Hand in a file, for messages to name',
  description: [
    'The bytes as they are, or a form with one file. What it is is found by looking at it; what its type says counts for text',
    'only. Kept for a while after it was handed in, or a message named it.',
  ].join(' '),
  parameters: [
    { name: 'Content-Type', in: 'header', description: 'What the file is said to be', schema: { type: 'string' } },
  ],
  request: {
    query: z.strictObject({ name: z.string().max(1_000).optional().describe('What people call it') }),
  },
  responses: { 201: json(storedFile, 'On disk'), ...problems },
})

const listFiles = createRoute({
  operationId: 'listFiles',
  tags: ['Files'],
  method: 'get',
  path: '/v1/files',
  summary: 'Files, newest first',
  request: { query: pageQuery },
  responses: { 200: json(pageOf(storedFile), 'A page of files'), ...problems },
})

const getFile = createRoute({
  operationId: 'getFile',
  tags: ['Files'],
  method: 'get',
  path: '/v1/files/{id}',
  summary: 'Look at a file',
  request: { params },
  responses: { 200: json(storedFile, 'What is known of it'), ...problems },
})

const getContent = createRoute({
  operationId: 'getContent',
  tags: ['Files'],
  method: 'get',
  path: '/v1/files/{id}/content',
  summary: 'Download a file',
  request: { params },
  responses: { 200: { description: 'Its bytes', content: { 'application/octet-stream': bytes } }, ...problems },
})

const removeFile = createRoute({
  operationId: 'removeFile',
  tags: ['Files'],
  method: 'delete',
  path: '/v1/files/{id}',
  summary: 'Forget a file',
  request: { params },
  responses: { 204: { description: 'It is kept no more' }, ...problems },
})
