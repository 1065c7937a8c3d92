import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import type { Asyncv } from '../api.ts'
import type { PartDefinition } from '../part-making.ts'
import { sqlite } from '../sqlite/index.ts'
import { Platforms, Publisher, releasable, saying } from '../testing/publisher.fixture.ts'
import { hashOf } from './envelope.ts'

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
  db.prepare('update release set document = ?, hash = ?').run(JSON.stringify(later), hashOf(later))
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
