import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Asyncv } from '../api.ts'
import { createAsyncv } from '../asyncv.ts'
import { systemClock } from '../clock.ts'
import { deferred } from '../internal/deferred.ts'
import type { FilePart } from '../message.ts'
import type { FileOptions } from '../options.ts'
import type { Provider } from '../provider.ts'
import { sqlite } from '../sqlite/index.ts'
import { scripted } from '../testing/scripted.ts'

const day = 24 * 60 * 60_000

let folder: string
let open: Asyncv[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asyncv-files-'))
  open = []
})
afterEach(async () => {
  await Promise.all(open.map((asyncv) => asyncv.stop({ drainMs: 0 })))
  rmSync(folder, { recursive: true, force: true })
})

async function start(files: FileOptions = {}, time = { now: Date.now() }, own?: Provider) {
  const model = scripted(() => 'ok')
  const timers = new Set<() => void>()
  const asyncv = createAsyncv({
    storage: sqlite(join(folder, 'asyncv.db')),
    clock: {
      ...systemClock,
      now: () => time.now,
      after(ms, fn) {
        timers.add(fn)
        const cancel = systemClock.after(ms, fn)
        return () => {
          timers.delete(fn)
          cancel()
        }
      },
    },
    providers: { model: own ?? model },
    agents: [{ name: 'helper', model: 'model/m' }],
    files,
  })
  await asyncv.start()
  open.push(asyncv)
  return { asyncv, time, model, ring: () => [...timers].forEach((timer) => void timer()) }
}

function blobs(): string[] {
  const place = join(folder, 'asyncv.db-files')
  if (!existsSync(place)) return []
  return readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((name) => name.length > 2)
}

const bytesOf = async (bytes: AsyncIterable<Uint8Array>): Promise<string> => (await buffer(bytes)).toString()

test('a file is kept over a restart, and the same bytes once', async () => {
  const { asyncv } = await start()
  const one = await asyncv.files.put({ bytes: Buffer.from('hello'), name: '../a.txt' })
  const two = await asyncv.files.put({ bytes: Buffer.from('hello'), name: 'b.txt', space: 'sales' })
  expect(one).toMatchObject({ name: 'a.txt', mediaType: 'text/plain', size: 5, space: 'default' })
  expect(blobs()).toHaveLength(1)
  await asyncv.stop()
  const again = await start()
  expect(await bytesOf(await again.asyncv.files.read(one.id))).toBe('hello')
  expect((await again.asyncv.files.list({ space: 'sales' })).data).toEqual([two])
  await again.asyncv.files.remove(one.id)
  expect(blobs()).toHaveLength(1)
  await again.asyncv.files.remove(two.id)
  expect(blobs()).toEqual([])
  await expect(again.asyncv.files.read(two.id)).rejects.toMatchObject({ code: 'file_unknown' })
})

test('a file is the same whichever way leads to the database', async () => {
  const { asyncv } = await start()
  const { id } = await asyncv.files.put({ bytes: Buffer.from('hello') })
  await asyncv.stop()
  const link = join(folder, 'link.db')
  symlinkSync(join(folder, 'asyncv.db'), link)
  const linked = createAsyncv({ storage: sqlite(link), agents: [{ name: 'helper', model: 'offline/demo' }] })
  open.push(linked)
  await linked.start()
  expect(await bytesOf(await linked.files.read(id))).toBe('hello')
})

test('a message brings its files to the model, in this turn and those after', async () => {
  const { asyncv, model } = await start()
  const file = await asyncv.files.put({ bytes: Buffer.from('%PDF-1.7'), name: 'report.pdf' })
  const parts = [{ type: 'text', text: 'What is in it?' } as const, { type: 'file', file: file.id } as const]
  const { session } = await asyncv.send({ agent: 'helper', parts })
  await asyncv.send({ agent: 'helper', session, text: 'And now?' })
  const said: FilePart = {
    type: 'file',
    file: file.id,
    blob: file.sha256,
    mediaType: 'application/pdf',
    name: 'report.pdf',
    size: 8,
  }
  for (const { messages } of model.requests) expect(messages[0]?.parts).toEqual([parts[0], said])
  const [found] = (await asyncv.sessions()).data
  expect((await asyncv.messages(found?.id ?? '')).data[0]?.parts).toEqual([parts[0], said])
  expect((await asyncv.send({ agent: 'helper', parts: [{ type: 'file', file: file.id }] })).text).toBe('ok')
})

test('the model gets the bytes, and is told of those that are kept no more', async () => {
  const read: (string | null)[] = []
  const model: Provider = {
    async *stream({ messages }, { readFile }) {
      for (const part of messages.flatMap(({ parts }) => parts)) {
        if (part.type !== 'file') continue
        const bytes = (await readFile?.(part)) ?? null
        read.push(bytes === null ? null : Buffer.from(bytes).toString())
      }
      yield { type: 'text.delta', text: 'ok' }
      yield { type: 'finish', reason: 'stop' }
    },
  }
  const { asyncv } = await start({}, undefined, model)
  const { id } = await asyncv.files.put({ bytes: Buffer.from('hello') })
  const { session } = await asyncv.send({ agent: 'helper', parts: [{ type: 'file', file: id }] })
  await asyncv.files.remove(id)
  await asyncv.send({ agent: 'helper', session, text: 'again' })
  expect(read).toEqual(['hello', null])
})

test('what is not there, or of another space, is unknown, and nothing is accepted', async () => {
  const { asyncv } = await start()
  const { id } = await asyncv.files.put({ bytes: Buffer.from('x'), space: 'sales' })
  const send = (file: string, space?: string) =>
    asyncv.send({ agent: 'helper', parts: [{ type: 'file', file }], ...(space === undefined ? {} : { space }) })
  await expect(send('none')).rejects.toMatchObject({ code: 'file_unknown' })
  await expect(send(id)).rejects.toMatchObject({ code: 'file_unknown', message: `There is no file "${id}".` })
  expect((await asyncv.stats()).accepted).toBe(0)
  expect((await send(id, 'sales')).text).toBe('ok')
  const many = Array.from({ length: 21 }, () => ({ type: 'file' as const, file: id }))
  await expect(asyncv.send({ agent: 'helper', parts: many, space: 'sales' })).rejects.toThrow('names 21 files')
})

test('a file goes when its time has come, and a message that names it puts that off', async () => {
  const { asyncv, time, ring } = await start({ keepMs: 10 * day })
  const one = await asyncv.files.put({ bytes: Buffer.from('one') })
  const two = await asyncv.files.put({ bytes: Buffer.from('two') })
  time.now += 8 * day
  await asyncv.send({ agent: 'helper', parts: [{ type: 'file', file: two.id }] })
  time.now += 3 * day
  ring()
  await expect.poll(() => blobs().length).toBe(1)
  await expect(asyncv.files.get(one.id)).rejects.toMatchObject({ code: 'file_unknown' })
  expect((await asyncv.files.get(two.id)).expiresAt).toBe(time.now + 7 * day)
})

test('what a death left behind is removed at the next start, and nothing else', async () => {
  const first = await start()
  const { sha256 } = await first.asyncv.files.put({ bytes: Buffer.from('kept') })
  await first.asyncv.stop()
  const place = join(folder, 'asyncv.db-files')
  const orphan = 'f'.repeat(64)
  mkdirSync(join(place, 'ff'))
  writeFileSync(join(place, 'ff', orphan), 'nobody’s')
  writeFileSync(join(place, 'half.part'), 'half')
  writeFileSync(join(place, 'ff', 'notes.txt'), 'not ours')
  const second = await start()
  await second.asyncv.files.put({ bytes: Buffer.from('another') })
  await expect.poll(() => blobs().some((name) => name.endsWith(orphan))).toBe(false)
  expect(blobs().some((name) => name.endsWith(sha256))).toBe(true)
  expect(blobs().some((name) => name.endsWith('notes.txt'))).toBe(true)
  expect(blobs().some((name) => name.endsWith('.part'))).toBe(false)
})

test('no more is taken in than fits, and what is refused leaves nothing', async () => {
  const { asyncv } = await start({ maxBytes: 10, maxTotalBytes: 15 })
  await expect(asyncv.files.put({ bytes: Buffer.from('x'.repeat(11)) })).rejects.toMatchObject({
    code: 'file_too_large',
  })
  const { id } = await asyncv.files.put({ bytes: Buffer.from('y'.repeat(10)) })
  await expect(asyncv.files.put({ bytes: Buffer.from('z'.repeat(10)) })).rejects.toMatchObject({ code: 'files_full' })
  await expect.poll(() => blobs()).toHaveLength(1)
  expect((await asyncv.files.put({ bytes: Buffer.from('y'.repeat(10)) })).size).toBe(10)
  await asyncv.files.remove(id)
  await expect(asyncv.files.put({ bytes: Buffer.from('w'.repeat(10)) })).rejects.toMatchObject({ code: 'files_full' })
})

test('the same bytes handed in side by side take their room once', async () => {
  const { asyncv } = await start({ maxTotalBytes: 15 })
  const same = () => asyncv.files.put({ bytes: Buffer.from('y'.repeat(10)) })
  await Promise.all(Array.from({ length: 8 }, same))
  expect((await asyncv.files.put({ bytes: Buffer.from('zzzzz') })).size).toBe(5)
})

test('bytes that somebody hands in again while they are removed are kept', async () => {
  const { asyncv } = await start()
  for (let n = 0; n < 30; n++) {
    const { id } = await asyncv.files.put({ bytes: Buffer.from('same') })
    const [again] = await Promise.all([asyncv.files.put({ bytes: Buffer.from('same') }), asyncv.files.remove(id)])
    expect(await bytesOf(await asyncv.files.read(again.id))).toBe('same')
    await asyncv.files.remove(again.id)
  }
  expect(blobs()).toEqual([])
})

test('a message whose files are more than one model call carries is refused', async () => {
  const { asyncv } = await start({ maxCallBytes: 10 })
  const { id } = await asyncv.files.put({ bytes: Buffer.from('123456') })
  const part = { type: 'file', file: id } as const
  await expect(asyncv.send({ agent: 'helper', parts: [part, part] })).rejects.toMatchObject({
    code: 'input_invalid',
    message: 'The files of the message are 12 bytes together.',
    hint: 'Name at most 10 bytes of files in one message, or raise files.maxCallBytes.',
  })
  expect((await asyncv.stats()).accepted).toBe(0)
  expect((await asyncv.send({ agent: 'helper', parts: [part] })).text).toBe('ok')
})

test('a model call carries the newest files that fit, and says which came earlier', async () => {
  const { asyncv, model } = await start({ maxCallBytes: 10 })
  let session: string | undefined
  for (const [name, bytes] of [
    ['a.txt', 'aaaaaa'],
    ['b.txt', 'bb'],
    ['c.txt', 'cccccc'],
  ] as const) {
    const { id } = await asyncv.files.put({ bytes: Buffer.from(bytes), name })
    const parts = [{ type: 'file', file: id } as const]
    const sent = await asyncv.send({ agent: 'helper', parts, ...(session === undefined ? {} : { session }) })
    session = sent.session
  }
  const said = (model.requests.at(-1)?.messages ?? []).flatMap(({ role, parts }) => (role === 'user' ? parts : []))
  expect(said).toEqual([
    { type: 'text', text: '[The file a.txt was sent earlier and is not sent again.]' },
    expect.objectContaining({ type: 'file', name: 'b.txt' }),
    expect.objectContaining({ type: 'file', name: 'c.txt' }),
  ])
  const [found] = (await asyncv.sessions()).data
  const kept = (await asyncv.history(found?.id ?? '')).flatMap(({ messages }) => messages[0]?.parts ?? [])
  expect(kept.map(({ type }) => type)).toEqual(['file', 'file', 'file'])
})

test('calls with files wait while others hold as many bytes as all may, and those without do not', async () => {
  let calling = 0
  let most = 0
  const go = deferred<void>()
  const model: Provider = {
    async *stream({ messages }) {
      const withFiles = messages.some(({ parts }) => parts.some(({ type }) => type === 'file'))
      if (withFiles) {
        most = Math.max(most, ++calling)
        await go.promise
        calling--
      }
      yield { type: 'text.delta', text: 'ok' }
      yield { type: 'finish', reason: 'stop' }
    },
  }
  const { asyncv } = await start({ maxCallBytes: 10 }, undefined, model)
  const { id } = await asyncv.files.put({ bytes: Buffer.from('0123456789') })
  const send = () => asyncv.send({ agent: 'helper', parts: [{ type: 'file', file: id }] })
  const sent = Array.from({ length: 7 }, send)
  await expect.poll(() => calling).toBe(4)
  const { task } = await asyncv.accept({ agent: 'helper', parts: [{ type: 'file', file: id }] })
  await asyncv.cancel(task)
  await expect(asyncv.reply(task)).rejects.toMatchObject({ code: 'cancelled' })
  expect((await asyncv.send({ agent: 'helper', text: 'hi' })).text).toBe('ok')
  go.resolve()
  for (const { text } of await Promise.all(sent)) expect(text).toBe('ok')
  expect([most, calling]).toEqual([4, 0])
})

test('a repeat is answered as the first time when its file is kept no more, and only then', async () => {
  const { asyncv } = await start()
  const { id } = await asyncv.files.put({ bytes: Buffer.from('x') })
  const message = { agent: 'helper', idempotencyKey: 'k1', parts: [{ type: 'file' as const, file: id }] }
  const first = await asyncv.send(message)
  await asyncv.files.remove(id)
  expect(await asyncv.send(message)).toEqual({ ...first, duplicate: true })
  expect(await asyncv.accept(message)).toMatchObject({ task: first.task, session: first.session, duplicate: true })
  const events: unknown[] = []
  for await (const event of asyncv.stream(message)) events.push(event)
  expect(events).toContainEqual(expect.objectContaining({ type: 'task.finished', task: first.task, text: 'ok' }))
  await expect(asyncv.send({ ...message, idempotencyKey: 'k2' })).rejects.toMatchObject({ code: 'file_unknown' })
  await expect(asyncv.send({ ...message, person: { id: 'p' } })).rejects.toMatchObject({ code: 'idempotency_conflict' })
  expect((await asyncv.stats()).accepted).toBe(1)
})
