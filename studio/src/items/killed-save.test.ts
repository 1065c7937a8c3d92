import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createAuditLog } from '../audit/log.ts'
import { openDatabase } from '../database/open.ts'
import { createEvents } from '../events.ts'
import { createItems } from './items.ts'
import { createItemPorts } from './ports.ts'
import { readHeads } from './read.ts'
import { noRuntimes } from './no-runtimes.fixture.ts'
import { renameUntil } from './rename-until.fixture.ts'

const by = { id: 'u1', login: 'ann', name: 'Ann' }

/** What is saved, how many versions there are of it, and how many actions were noted; all of it must agree. */
async function stateOf(file: string) {
  const { db, close } = await openDatabase(file)
  const heads = (await readHeads(db)).map(({ kind, name, version }) => `${kind}/${name} ${version}`)
  const versions = await db.selectFrom('item_version').select(['kind', 'name', 'n']).orderBy('n').execute()
  const log = createAuditLog(db)
  const { data } = await log.list({ limit: 200 })
  const { whole } = await log.verify(null)
  await close()
  return { heads, versions: versions.length, noted: data.length, whole }
}

const before = { heads: ['agent/helper 1', 'provider/main 1'], versions: 2, noted: 2, whole: true }
const after = { heads: ['agent/helper 2', 'provider/first 1'], versions: 5, noted: 5, whole: true }

/** With an agent and the model service that it names. */
async function originalIn(folder: string): Promise<string> {
  const file = join(folder, 'original.db')
  const { db, close } = await openDatabase(file)
  const items = createItems(createItemPorts({ db, runtimes: noRuntimes, events: createEvents(), now: () => 5 }))
  await items.create(by, { kind: 'provider', name: 'main', content: { type: 'x' }, reason: null })
  await items.create(by, { kind: 'agent', name: 'helper', content: { model: 'main/m' }, reason: null })
  await close()
  expect(await stateOf(file)).toEqual(before)
  return file
}

// Four writes for each of three versions; one more, and it lives.
const writes = 12

test('failed at any write of a change, it leaves nothing of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-studio-failed-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = await originalIn(folder)
  for (let failAt = 1; failAt <= writes + 1; failAt++) {
    const { db, close } = await openDatabase(file)
    const fail = (): void => {
      throw new Error('the disk is full')
    }
    const done = await renameUntil(db, failAt, fail).then(
      () => true,
      () => false,
    )
    await close()
    expect({ failAt, done, ...(await stateOf(file)) }).toEqual({
      failAt,
      done: failAt > writes,
      ...(failAt > writes ? after : before),
    })
  }
})

test('killed in the middle of a change, or right before its end, it leaves nothing of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-studio-killed-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const original = await originalIn(folder)
  for (const killAt of [5, writes]) {
    const file = join(folder, `killed-${killAt}.db`)
    cpSync(original, file)
    const fixture = join(import.meta.dirname, 'killed-save.fixture.ts')
    const child = spawnSync(process.execPath, ['-C', '@asyncv/source', '--import', 'tsx', fixture, file, `${killAt}`])
    expect({ killAt, signal: child.signal }).toEqual({ killAt, signal: 'SIGKILL' })
    expect({ killAt, ...(await stateOf(file)) }).toEqual({ killAt, ...before })
  }
}, 60_000)
