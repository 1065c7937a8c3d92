import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { KnownRuntimes } from './known-runtimes.ts'

test.each(['', '{', '[]', '{"runtimes":{"http://127.0.0.1:1":1}}'])(
  'a file that cannot be right is no reason to sign for whoever answers: %j',
  (text) => {
    const folder = mkdtempSync(join(tmpdir(), 'asyncv-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    writeFileSync(join(folder, 'known-runtimes.json'), text)
    const known = new KnownRuntimes(join(folder, 'asyncv.db'))
    expect(() => known.check('http://127.0.0.1:1', 'any')).toThrow(/known-runtimes\.json is not readable/)
  },
)
