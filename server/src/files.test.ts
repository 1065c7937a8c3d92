import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { echo, openService, problemOf, type Service } from './service.fixture.ts'

const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')

let service: Service
let keyless: Service
let mine: Record<string, string>
let theirs: Record<string, string>
/** May look, and hand nothing in. */
let reader: Record<string, string>
beforeAll(async () => {
  service = await openService({ echo }, { files: { maxBytes: 1_000 } })
  keyless = await openService({ echo })
  const bearer = async (space: string) => {
    const { key } = await service.asyncv.keys.create({ name: space, space })
    return { Authorization: `Bearer ${key}` }
  }
  mine = await bearer('mine')
  theirs = await bearer('theirs')
  const { key } = await service.asyncv.keys.create({ name: 'reader', space: 'mine', scopes: ['read'] })
  reader = { Authorization: `Bearer ${key}` }
})
afterAll(async () => {
  await service.close()
  await keyless.close()
})

interface Stored {
  id: string
  name: string
  mediaType: string
}

type Body = NonNullable<RequestInit['body']>

const put = (body: Body, headers: Record<string, string> = {}, query = '', to = service): Promise<Response> =>
  fetch(`${to.url}/v1/files${query}`, { method: 'POST', body, headers: { ...mine, ...headers } })

function form(...files: [name: string, bytes: Uint8Array | string, type: string][]): FormData {
  const data = new FormData()
  data.append('purpose', 'assistants')
  for (const [name, bytes, type] of files) data.append('file', new Blob([bytes as string], { type }), name)
  return data
}

test('takes bytes as they are, and gives them back as nothing that a browser would run', async () => {
  const response = await put(
    '<script>alert(1)</script>',
    { 'Content-Type': 'text/html' },
    '?name=../seite%20%C3%A4.html',
  )
  const file = (await response.json()) as Stored
  expect([response.status, response.headers.get('location')]).toEqual([201, `/v1/files/${file.id}`])
  expect(file).toMatchObject({ name: 'seite ä.html', mediaType: 'text/html', size: 25, space: 'mine' })
  const content = await fetch(`${service.url}/v1/files/${file.id}/content`, { headers: mine })
  expect(Object.fromEntries(content.headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-length': '25',
    'content-disposition': `attachment; filename="seite _.html"; filename*=UTF-8''seite%20%C3%A4.html`,
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
  })
  expect(await content.text()).toBe('<script>alert(1)</script>')
})

test('takes a form with one file, whatever that is said to be', async () => {
  const response = await put(form(['photo.txt', png, 'text/plain']))
  const file = (await response.json()) as Stored
  expect(file).toMatchObject({ name: 'photo.txt', mediaType: 'image/png', size: png.length })
  const content = await fetch(`${service.url}/v1/files/${file.id}/content`, { headers: mine })
  expect(Buffer.from(await content.arrayBuffer()).equals(png)).toBe(true)
  expect(content.headers.get('etag')).toBe(`"${createHash('sha256').update(png).digest('hex')}"`)
})

test('a message names a file, and the agent gets it', async () => {
  const { id } = (await (await put(png, { 'Content-Type': 'image/png' }, '?name=a.png')).json()) as Stored
  const parts = [
    { type: 'text', text: 'see ' },
    { type: 'file', file: id },
  ]
  const answer = await service.post('echo', { session: 's', parts }, mine)
  expect(await answer.json()).toMatchObject({ reply: { text: 'user: see image' } })
  const { data } = (await (await fetch(`${service.url}/v1/sessions`, { headers: mine })).json()) as {
    data: { id: string }[]
  }
  const messages = await fetch(`${service.url}/v1/sessions/${data[0]?.id}/messages`, { headers: mine })
  const kept = { type: 'image', file: id, mediaType: 'image/png', name: 'a.png', size: png.length }
  expect(await messages.json()).toMatchObject({ data: [{ parts: [parts[0], kept] }] })
  const foreign = await service.post('echo', { parts }, theirs)
  expect(await problemOf(foreign)).toMatchObject({ status: 404, code: 'file_unknown' })
  const odd = await service.post('echo', { parts: [{ type: 'file', file: id, name: 'x' }] }, mine)
  expect(await problemOf(odd)).toMatchObject({ status: 400, errors: [{ pointer: '/parts/0/name' }] })
})

test('a file of another space is none, in the same words', async () => {
  const { id } = (await (await put('x', { 'Content-Type': 'text/plain' })).json()) as Stored
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '/content'],
    ['DELETE', ''],
  ]) {
    const ask = async (file: string) => {
      const { requestId: _, ...problem } = await problemOf(
        await fetch(`${service.url}/v1/files/${file}${path}`, { method: method as string, headers: theirs }),
      )
      return JSON.stringify(problem).replaceAll(file, 'ID')
    }
    const nobodys = '01a20d95-e417-7000-b034-8795f882c32c'
    expect(await ask(id)).toBe(await ask(nobodys))
  }
  const { data } = (await (await fetch(`${service.url}/v1/files`, { headers: theirs })).json()) as { data: unknown[] }
  expect(data).toEqual([])
  expect((await fetch(`${service.url}/v1/files/${id}`, { method: 'DELETE', headers: mine })).status).toBe(204)
  expect((await fetch(`${service.url}/v1/files/${id}`, { headers: mine })).status).toBe(404)
})

test.each<[string, Body, Record<string, string>, number, string]>([
  ['of no stated type', Buffer.from('x'), {}, 415, 'type_unsupported'],
  ['that is compressed', 'x', { 'Content-Type': 'text/plain', 'Content-Encoding': 'gzip' }, 415, 'type_unsupported'],
  ['that is too large', 'x'.repeat(1_001), { 'Content-Type': 'text/plain' }, 413, 'file_too_large'],
  ['in a form that is too large', form(['a.txt', 'x'.repeat(1_001), 'text/plain']), {}, 413, 'file_too_large'],
  ['in a form of two', form(['a', 'x', 'text/plain'], ['b', 'y', 'text/plain']), {}, 400, 'input_invalid'],
  ['in a form without any', form(), {}, 400, 'input_invalid'],
  ['in a form without a boundary', 'x', { 'Content-Type': 'multipart/form-data' }, 400, 'body_malformed'],
  [
    'in a form that is cut',
    '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nxyz',
    { 'Content-Type': 'multipart/form-data; boundary=b' },
    400,
    'body_malformed',
  ],
])('a file %s is refused, and nothing is kept', async (_, body, headers, status, code) => {
  const before = (await service.asyncv.files.list({ space: 'mine' })).data.length
  expect(await problemOf(await put(body, headers))).toMatchObject({ status, code })
  expect((await service.asyncv.files.list({ space: 'mine' })).data).toHaveLength(before)
})

const part = (head: string, body: string): string => `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}`
const fields = (n: number): string => Array.from({ length: n }, (_, i) => part(`name="f${i}"`, 'x\r\n')).join('')
const aFile = part('name="file"; filename="a"', 'xyz')

test.each<[string, string]>([
  ['that ends inside its file', aFile],
  ['that ends inside a field behind its file', `${aFile}\r\n${part('name="f"', 'x')}`],
  ['of 40 fields without an end', `${fields(40)}${part('name="f"', 'x')}`],
  ['of 40 fields that ends inside the file behind them', `${fields(40)}${aFile}`],
  ['of 40 fields behind a file, without an end', `${aFile}\r\n${fields(40)}${part('name="f"', 'x')}`],
  ['without anything', ''],
  ['that ends inside a head', '--b\r\nContent-Disposition: form-data; name="f'],
])('a form %s is a problem of its own, and nobody else’s', async (_, body) => {
  const escaped: unknown[] = []
  const note = (error: unknown): void => void escaped.push(error)
  // Vitest's own listeners would fail the run without saying which form it was.
  const others = process.rawListeners('uncaughtException') as NodeJS.UncaughtExceptionListener[]
  process.removeAllListeners('uncaughtException').on('uncaughtException', note)
  try {
    const type = { 'Content-Type': 'multipart/form-data; boundary=b' }
    expect((await put(body, { ...mine, ...type })).status).toBe(400)
    expect(await problemOf(await put(body, { ...reader, ...type }))).toMatchObject({ code: 'scope_missing' })
    // It fails a second time some ticks after the first.
    await sleep(20)
  } finally {
    process.off('uncaughtException', note)
    for (const other of others) process.on('uncaughtException', other)
  }
  expect(escaped).toEqual([])
})

test.each(['application/octet-stream', 'multipart/form-data; boundary=b'])(
  'what comes in as %s and is not taken is not waited for either',
  async (type) => {
    const full = await openService({ echo }, { files: { maxTotalBytes: 5 } })
    await full.asyncv.files.put({ bytes: Buffer.from('12345') })
    const { key } = await full.asyncv.keys.create({ name: 'a' })
    let cut = false
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from(aFile)),
      cancel: () => void (cut = true),
    })
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': type }
    const request = { method: 'POST', body, headers, duplex: 'half' } as RequestInit
    const response = await full.fetch(new Request(`${full.url}/v1/files`, request))
    expect(await problemOf(response)).toMatchObject({ code: 'files_full' })
    await expect.poll(() => cut).toBe(true)
    await full.close()
  },
)

test('a body that never ends is cut where it is too large', async () => {
  let sent = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 10_000
      controller.enqueue(new Uint8Array(10_000))
    },
  })
  const headers = { ...mine, 'Content-Type': 'application/octet-stream' }
  const request = { method: 'POST', body: endless, headers, duplex: 'half' } as RequestInit
  const response = await fetch(`${service.url}/v1/files`, request).catch(() => null)
  if (response !== null) expect(response.status).toBe(413)
  expect(sent).toBeLessThan(20_000_000)
})

test('without keys, what any web page could send is not taken', async () => {
  const raw = { 'Content-Type': 'application/octet-stream', Authorization: '' }
  expect((await put('hello', raw, '?name=a.txt', keyless)).status).toBe(201)
  for (const [body, headers] of [
    [form(['a', 'x', 'text/plain']), {}],
    ['x', { 'Content-Type': 'text/plain' }],
  ] as const) {
    const refused = await put(body, { ...headers, Authorization: '' }, '', keyless)
    expect(await problemOf(refused)).toMatchObject({ status: 415, code: 'type_unsupported' })
  }
})

test('who has the bytes already gets them no second time', async () => {
  const { id } = (await (await put('hello', { 'Content-Type': 'text/plain' })).json()) as Stored
  const content = (headers: Record<string, string> = {}) =>
    fetch(`${service.url}/v1/files/${id}/content`, { headers: { ...mine, ...headers } })
  const etag = (await content()).headers.get('etag') ?? ''
  const again = await content({ 'If-None-Match': etag })
  expect([again.status, await again.text()]).toEqual([304, ''])
  for (const known of [`W/${etag}`, `"other", ${etag}`, '*']) {
    expect([(await content({ 'If-None-Match': known })).status, known]).toEqual([304, known])
  }
  expect((await content({ 'If-None-Match': '"other"' })).status).toBe(200)
})

test('a form that goes on behind a file that is too large is cut', async () => {
  const boundary = 'b'
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n`
  let sent = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(sent === 0 ? Buffer.from(head) : new Uint8Array(10_000))
      sent += 10_000
    },
  })
  const headers = { ...mine, 'Content-Type': `multipart/form-data; boundary=${boundary}` }
  const request = { method: 'POST', body: endless, headers, duplex: 'half' } as RequestInit
  const begun = performance.now()
  const response = await fetch(`${service.url}/v1/files`, request).catch(() => null)
  if (response !== null) expect(response.status).toBe(413)
  expect(performance.now() - begun).toBeLessThan(5_000)
  expect(sent).toBeLessThan(20_000_000)
})

test('a HEAD says how large it is, and opens nothing', async () => {
  const { id } = (await (await put('hello', { 'Content-Type': 'text/plain' })).json()) as Stored
  const read = vi.spyOn(service.asyncv.files, 'read')
  const head = await fetch(`${service.url}/v1/files/${id}/content`, { method: 'HEAD', headers: mine })
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '5'])
  expect(read).not.toHaveBeenCalled()
  read.mockRestore()
})

test.each([0, 1])('a download whose reader leaves after %i pieces is closed', async (pieces) => {
  const { id } = (await (await put('hello', { 'Content-Type': 'text/plain' })).json()) as Stored
  const bytes = Readable.from([Buffer.from('he'), Buffer.from('l'), Buffer.from('lo')])
  const read = vi.spyOn(service.asyncv.files, 'read').mockResolvedValue(bytes)
  const response = await service.fetch(new Request(`${service.url}/v1/files/${id}/content`, { headers: mine }))
  const reader = response.body?.getReader()
  for (let n = 0; n < pieces; n++) await reader?.read()
  await reader?.cancel()
  expect(bytes.destroyed).toBe(true)
  read.mockRestore()
})

test('a download that cannot be opened is a problem', async () => {
  const { id } = (await (await put('hello', { 'Content-Type': 'text/plain' })).json()) as Stored
  const gone = new Readable({ read: () => void gone.destroy(new Error('ENOENT')) })
  const read = vi.spyOn(service.asyncv.files, 'read').mockResolvedValue(gone)
  const response = await fetch(`${service.url}/v1/files/${id}/content`, { headers: mine })
  expect(await problemOf(response)).toMatchObject({ status: 500 })
  read.mockRestore()
})

test('a file without bytes is downloaded as nothing', async () => {
  const { id } = (await (await put('', { 'Content-Type': 'text/plain' })).json()) as Stored
  const response = await fetch(`${service.url}/v1/files/${id}/content`, { headers: mine })
  expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '0', ''])
})
