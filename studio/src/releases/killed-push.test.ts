import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { openRuntime } from './runtime.fixture.ts'
import { ann, openDesk } from './desk.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'asyncv-studio-killed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// A process from source takes seconds to begin, more on a busy machine.
vi.setConfig({ testTimeout: 90_000 })

/** A Studio in a process of its own, until that is dead. */
async function publishAndDie(file: string, killAt: string): Promise<NodeJS.Signals | null> {
  const script = join(import.meta.dirname, 'killed-push.fixture.ts')
  const child = spawn(process.execPath, ['-C', '@asyncv/source', '--import', 'tsx', script, file, killAt], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return signal
}

// Beside each other: most of it is waited for.
test.concurrent.each([
  ['before it sends', 'push.signed', 0],
  ['before it has written down the answer', 'push.answered', 1],
] as const)('killed %s, the release arrives once', async (_, killAt, arrived) => {
  const file = join(folder, `${killAt}.db`)
  const first = await openDesk(file)
  const runtime = await openRuntime([first.identity.shown])
  const id = await first.connect('here', runtime.managementUrl, runtime.key)
  await first.save('agent', 'helper', { name: 'helper', model: 'offline/demo' })
  await first.close()
  expect(await publishAndDie(file, killAt)).toBe('SIGKILL')
  expect(await runtime.applied()).toHaveLength(arrived)

  const after = await openDesk(file)
  try {
    expect(await after.target(1, id)).toMatchObject({ state: 'applied', revision: 1 })
    const applied = await runtime.applied()
    expect(applied.map(({ revision, sequence }) => ({ revision, sequence }))).toEqual([{ revision: 1, sequence: 1 }])
    // The next one goes on from there.
    await after.save('agent', 'helper', { name: 'helper', model: 'offline/demo', instructions: 'more' })
    await after.releases.publish({ items: 'all', summary: 'next' }, ann)
    expect(await after.target(2, id)).toMatchObject({ state: 'applied', revision: 2 })
  } finally {
    await after.close()
    await runtime.stop()
  }
})

test.concurrent('killed before it has written down the answer, while somebody else published: it arrived once, and that is seen', async () => {
  const file = join(folder, 'overtaken.db')
  const first = await openDesk(file)
  const other = await openDesk(':memory:')
  const runtime = await openRuntime([first.identity.shown, other.identity.shown])
  const id = await first.connect('here', runtime.managementUrl, runtime.key)
  await first.save('agent', 'helper', { name: 'helper', model: 'offline/demo' })
  await first.close()
  expect(await publishAndDie(file, 'push.answered')).toBe('SIGKILL')
  const otherId = await other.connect('same', runtime.managementUrl, runtime.key)
  await other.save('agent', 'helper', { name: 'helper', model: 'offline/demo', instructions: 'theirs' })
  await other.releases.publish({ items: 'all', summary: 'theirs' }, ann)
  await other.target(1, otherId)

  const after = await openDesk(file, { lookEveryMs: 50 })
  try {
    expect(await after.target(1, id, ({ state }) => state === 'drifted')).toMatchObject({ revision: 1 })
    expect(await runtime.applied()).toHaveLength(2)
  } finally {
    await Promise.all([after.close(), other.close()])
    await runtime.stop()
  }
})
