import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Asyncv } from '../api.ts'
import { createAsyncv } from '../asyncv.ts'
import { resolveConfig } from '../config/file.ts'
import { sqlite } from '../sqlite/index.ts'
import { Platforms, Publisher, saying } from '../testing/publisher.fixture.ts'
import { createVault } from '../vault/vault.ts'
import { fileRelease } from './file-release.ts'

test('what only the file names need not be there while a release is in force', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-file-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const { definitions } = new Platforms()
  const publisher = new Publisher()
  const config = {
    ...saying('file'),
    schemaVersion: undefined,
    connectors: { chat0: { type: 'chat', options: { account: 'fake:1', token: { $secret: 'TOKEN' } } } },
  }
  function build(environment: Record<string, string>): Asyncv {
    const vault = createVault({ elsewhere: (name) => environment[name] })
    const { schemaVersion: _, ...file } = config
    const secret = (name: string) => environment[name]
    const { asyncv } = resolveConfig(file, { file: 'a.json', directory: folder, definitions, vault, secret })
    const made = createAsyncv({
      ...asyncv,
      storage: sqlite(join(folder, 'asyncv.db')),
      definitions: async () => definitions,
      releases: { trust: { publishers: () => [publisher.trusted] }, file: fileRelease(file, definitions).document },
    })
    onTestFinished(() => made.stop({ drainMs: 0 }))
    return made
  }
  await expect(build({}).start()).rejects.toMatchObject({
    code: 'config_invalid',
    message: 'a.json: connectors.chat0.options.token: there is no secret TOKEN.',
  })
  const first = build({ TOKEN: 'x' })
  await first.start()
  expect(await first.releases.state()).toMatchObject({ fileInForce: true, current: { publisher: 'file' } })
  await publisher.publish(first, saying('released', []))
  await first.stop()
  const second = build({})
  await second.start()
  expect((await second.send({ agent: 'helper', text: 'hi' })).text).toBe('released')
  expect(await second.releases.state()).toMatchObject({ fileInForce: false, problems: null })
})
