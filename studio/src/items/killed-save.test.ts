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

test('killed between any two writes of a change, it leaves all of it or nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-studio-killed-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const original = join(folder, 'original.db')
  const { db, close } = await openDatabase(original)
  const items = createItems(createItemPorts({ db, runtimes: noRuntimes, events: createEvents(), now: () => 5 }))
  await items.create(by, { kind: 'provider', name: 'main', content: { type: 'x' }, reason: null })
  await items.create(by, { kind: 'agent', name: 'helper', content: { model: 'main/m' }, reason: null })
  await close()
  expect(await stateOf(original)).toEqual(before)

  // Four writes for each of three versions; one more, and it lives.
  const writes = 12
  for (const killAt of [1, 2, 4, 5, 8, 11, writes, writes + 1]) {
    const file = join(folder, `killed-${killAt}.db`)
    cpSync(original, file)
    const fixture = join(import.meta.dirname, 'killed-save.fixture.ts')
    const child = spawnSync(process.execPath, ['-C', '@asyncv/source', '--import', 'tsx', fixture, file, `${killAt}`])
    expect({ killAt, signal: child.signal }).toEqual({ killAt, signal: killAt > writes ? null : 'SIGKILL' })
    expect({ killAt, ...(await stateOf(file)) }).toEqual({ killAt, ...(killAt > writes ? after : before) })
  }
}, 60_000)
