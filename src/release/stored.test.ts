import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import type { Asyncv } from '../api.ts'
import { defineConnector } from '../definition.ts'
import type { PartDefinition } from '../part-making.ts'
import { sqlite } from '../sqlite/index.ts'
import { fakeConnector } from '../testing/fake-connector.ts'
import { Platforms, Publisher, releasable, saying } from '../testing/publisher.fixture.ts'
import { hashOf } from '../internal/document-hash.ts'
import type { ReleaseEnvelope } from '../schemas/release.ts'
import { signEnvelope } from './envelope.ts'

const publisher = new Publisher()

function database(): string {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-stored-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'asyncv.db')
}

async function started(file: string, definitions: PartDefinition[] = new Platforms().definitions): Promise<Asyncv> {
  const asyncv = releasable(new Platforms(), [publisher], {
    storage: sqlite(file),
    definitions: async () => definitions,
  })
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  await asyncv.start()
  return asyncv
}

test('a release is told as it was signed, so that anybody can check its hash', async () => {
  const asyncv = await started(database())
  const { routes: _, connectors: __, ...sparse } = saying('hi', [])
  const applied = await publisher.publish(asyncv, sparse)
  expect(applied.document).toEqual(sparse)
  const { document, hash } = await asyncv.releases.get(1)
  expect(hashOf(document)).toBe(hash)
})

test('a release that this version cannot read is told, with what it needs, and keeps nothing from starting', async () => {
  const file = database()
  const first = await started(file)
  await publisher.publish(first, saying('hi', []))
  await first.stop()
  const db = new Database(file)
  const later = { ...saying('hi', []), schemaVersion: 7, schedules: [] }
  const { envelope } = db.prepare('select envelope from release').get() as { envelope: string }
  const { signature: _, ...unsigned } = JSON.parse(envelope) as ReleaseEnvelope
  const signed = signEnvelope({ ...unsigned, hash: hashOf(later) }, publisher.privateKey)
  db.prepare('update release set document = ?, hash = ?, envelope = ?').run(
    JSON.stringify(later),
    hashOf(later),
    JSON.stringify(signed),
  )
  db.close()
  const asyncv = await started(file)
  const { current, problems } = await asyncv.releases.state()
  expect(current?.document).toEqual(later)
  expect(problems?.map(({ pointer }) => pointer)).toEqual(['/schemaVersion', '/schedules'])
  expect((await asyncv.releases.get(1)).hash).toBe(hashOf(later))
  // The way out is another release.
  await publisher.publish(asyncv, saying('again', []))
  expect((await asyncv.send({ agent: 'helper', text: 'hi' })).text).toBe('again')
})

test('a type that breaks while a part is made is a problem at its place, also when the runtime starts', async () => {
  const file = database()
  let broken = false
  let closed = 0
  const fragile = defineConnector({
    type: 'fragile',
    options: z.strictObject({}),
    create: () => {
      if (broken) throw new TypeError('Invalid URL')
      return { ...fakeConnector({ account: 'fake:7' }), close: async () => void closed++ }
    },
  }) as PartDefinition
  const definitions = [...new Platforms().definitions, fragile]
  const document = {
    ...saying('hi', []),
    connectors: { sound: { type: 'fragile', options: {} } },
    routes: [{ connector: 'sound', agent: 'helper' }],
  }
  const first = await started(file, definitions)
  await publisher.publish(first, document)
  await first.stop()
  broken = true
  const asyncv = await started(file, definitions)
  const problems = [{ pointer: '/connectors/sound', detail: 'cannot be made: Invalid URL' }]
  expect((await asyncv.releases.state()).problems).toEqual(problems)
  expect((await asyncv.releases.check(document)).problems).toEqual(problems)
  expect(closed).toBeGreaterThan(0)
})

test('what is in force is what was written down, whatever becomes of what was handed over', async () => {
  const file = database()
  const said: unknown[] = []
  const watching = defineConnector({
    type: 'watching',
    options: z.looseObject({}),
    create: (options) => {
      said.push(options)
      return fakeConnector({ account: 'fake:6' })
    },
  }) as PartDefinition
  const asyncv = await started(file, [...new Platforms().definitions, watching])
  const options = { zero: -0, gone: undefined, when: new Date(0) }
  const document = {
    ...saying('hi', []),
    connectors: { one: { type: 'watching', options } },
    routes: [{ connector: 'one', agent: 'helper' }],
  }
  await expect(publisher.publish(asyncv, document)).rejects.toMatchObject({ code: 'input_invalid' })
  const plain = { ...document, connectors: { one: { type: 'watching', options: { ...options, when: 0 } } } }
  await publisher.publish(asyncv, plain)
  expect(said).toStrictEqual([{ zero: 0, when: 0 }])
})

test.each([
  ['a document', `update release set document = replace(document, '"hi"', '"bye"')`, /its hash is/],
  [
    'a document with a hash of its own',
    `update release set document = '{"schemaVersion":1}', hash = '${hashOf({ schemaVersion: 1 })}'`,
    /envelope/,
  ],
  [
    'an envelope that nobody has signed',
    `update release set document = '{"schemaVersion":1}', hash = '${hashOf({ schemaVersion: 1 })}', envelope = json_set(envelope, '$.hash', '${hashOf({ schemaVersion: 1 })}')`,
    /not signed/,
  ],
  ['no envelope', `update release set envelope = null`, /envelope/],
  ['a document that is no JSON', `update release set document = '{'`, /no JSON/],
  ['an envelope that is no JSON', `update release set envelope = '{'`, /envelope/],
])('%s that was changed in the database is not run under the name of who signed', async (_, statement, why) => {
  const file = database()
  const first = await started(file)
  await publisher.publish(first, saying('hi', []))
  await first.stop()
  const db = new Database(file)
  db.exec(statement)
  db.close()
  const asyncv = await started(file)
  const { problems } = await asyncv.releases.state()
  expect(problems).toMatchObject([{ pointer: '', detail: expect.stringMatching(why) }])
  expect(asyncv.agents).toEqual([])
  expect((await asyncv.ready()).ready).toBe(false)
  expect((await asyncv.releases.list()).data).toHaveLength(1)
  // The way out is another release.
  await publisher.publish(asyncv, saying('again', []))
  expect((await asyncv.send({ agent: 'helper', text: 'hi' })).text).toBe('again')
})
