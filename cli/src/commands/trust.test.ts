import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditEntry, TrustedPublisher } from 'asyncv'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { commandPlace, type Place } from '../command.fixture.ts'
import { withoutRoom } from '../full-disk.fixture.ts'

// Each command is a process of its own that loads everything from source.
vi.setConfig({ testTimeout: 90_000 })

let place: Place
beforeEach(() => {
  place = commandPlace()
  place.write('asyncv.config.json', { agents: [{ name: 'helper', model: 'offline/demo' }] })
})
afterEach(() => place.remove())

const key = Buffer.alloc(32, 7).toString('base64')
const other = Buffer.alloc(32, 8).toString('base64')
const file = (name: string): string => join(place.folder, '.asyncv', name)

interface Shown {
  runtime: string | null
  fingerprint: string
  publicKey: string
  names: { here: string; elsewhere: string }
}

test('a publisher is trusted by its key, listed, and trusted no more', () => {
  expect(place.run(['trust', 'list'])).toMatchObject({
    status: 0,
    stdout: '',
    stderr: expect.stringContaining('Nobody'),
  })
  const added = place.run(['trust', 'add', 'studio', key])
  expect(added).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^studio is trusted, with the key [0-9a-f-]{39}\.\n$/),
  })
  expect(statSync(file('trust.json')).mode & 0o777).toBe(0o600)
  expect(place.run(['trust', 'list']).stdout).toMatch(
    /^NAME +FINGERPRINT +SINCE\ncommand +.*\nstudio +([0-9a-f]{4}-){7}[0-9a-f]{4} +20/,
  )
  expect(JSON.parse(place.run(['trust', 'list', '--json']).stdout)).toMatchObject([
    { name: 'command' },
    { name: 'studio', publicKey: key },
  ])
  expect(place.run(['trust', 'remove', 'studio', '--yes'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('no more'),
  })
  expect(JSON.parse(place.run(['trust', 'list', '--json']).stdout)).toMatchObject([{ name: 'command' }])
})

test('a key comes from a pipe as well', () => {
  expect(place.run(['trust', 'add', 'studio', '-'], { input: `${key}\n` }).status).toBe(0)
  expect(place.run(['trust', 'add', 'again'], { input: `${key}\n` }).status).toBe(0)
  expect(JSON.parse(place.run(['trust', 'list', '--json']).stdout)).toHaveLength(3)
})

test('the same key once more changes nothing; another one is asked about', () => {
  place.run(['trust', 'add', 'studio', key])
  const before = readFileSync(file('trust.json'), 'utf8')
  expect(place.run(['trust', 'add', 'studio', key])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('already'),
  })
  const asked = place.run(['trust', 'add', 'studio', other])
  expect(asked).toMatchObject({ status: 2, stderr: expect.stringMatching(/another key.*--yes/s) })
  expect(readFileSync(file('trust.json'), 'utf8')).toBe(before)
  expect(place.run(['trust', 'add', 'studio', other, '--yes']).status).toBe(0)
  expect(JSON.parse(place.run(['trust', 'list', '--json']).stdout)).toMatchObject([
    { name: 'command' },
    { name: 'studio', publicKey: other },
  ])
})

test.each<[string[], string]>([
  [['add', 'studio', 'no-key'], '32 bytes in base64'],
  [['add', 'Studio!', key], 'lowercase letters'],
  [['add', 'file', key], 'operator’s file'],
  [['add', 'studio'], 'asyncv trust add studio - < file'],
  [['remove', 'nobody', '--yes'], 'Trusted: nobody.'],
  [['shwo'], 'Did you mean "show"?'],
])('trust %j is refused with the way out', (words, wayOut) => {
  const { status, stdout, stderr } = place.run(['trust', ...words])
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain(wayOut)
})

test('the key of this host is made once, and its private half is shown to nobody', () => {
  const shown = place.run(['trust', 'show'])
  expect(shown.status).toBe(0)
  expect(statSync(file('publisher.key')).mode & 0o777).toBe(0o600)
  const { names, publicKey, fingerprint, runtime } = JSON.parse(place.run(['trust', 'show', '--json']).stdout) as Shown
  expect(runtime).toBeNull()
  expect(names.here).toBe('command')
  expect(names.elsewhere).toMatch(new RegExp(`^command-.+-${fingerprint.slice(0, 4)}$`))
  expect(shown.stdout).toContain(`asyncv trust add ${names.elsewhere} ${publicKey}\n`)
  const [, secret = ''] = readFileSync(file('publisher.key'), 'utf8').split('\n')
  expect(secret.length).toBeGreaterThan(40)
  expect(shown.stdout + shown.stderr).not.toContain(secret)
  // What is told can be typed on another host as it is.
  expect(place.run(['trust', 'add', names.elsewhere, publicKey]).stdout).toContain(fingerprint)
})

test('a key file that holds something else is named, and not replaced', () => {
  place.run(['trust', 'show'])
  writeFileSync(file('publisher.key'), 'oops\n')
  expect(place.run(['trust', 'show'])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/publisher\.key cannot be used: .*Ed25519/),
  })
  expect(readFileSync(file('publisher.key'), 'utf8')).toBe('oops\n')
})

const deeds = (): unknown =>
  (JSON.parse(place.run(['audit', 'list', '--json']).stdout) as { data: { action: string; target: string }[] }).data
    .map(({ action, target }) => `${action} ${target}`)
    .filter((deed) => deed.startsWith('trust.'))

test('beside a service the audit log tells of it as well, and the runtime has one name', async () => {
  const { child } = await place.start()
  const beside = place.run(['trust', 'add', 'studio', key])
  expect(beside).toMatchObject({ status: 0, stderr: '' })
  const { runtime } = JSON.parse(place.run(['trust', 'show', '--json']).stdout) as Shown
  expect(runtime).not.toBeNull()
  expect(deeds()).toEqual(['trust.added studio'])
  child.kill('SIGTERM')
  await new Promise((resolve) => child.once('exit', resolve))
  expect(place.run(['trust', 'remove', 'studio', '--yes'])).toMatchObject({ status: 0, stderr: '' })
  expect(deeds()).toEqual(['trust.removed studio', 'trust.added studio'])
  expect((JSON.parse(place.run(['trust', 'show', '--json']).stdout) as Shown).runtime).toBe(runtime)
})

test('a key in the place of another is written down with both, beside a service and without one', async () => {
  const { child } = await place.start()
  const replaceBy = (n: number): unknown => {
    const { fingerprint } = JSON.parse(
      place.run(['trust', 'add', 'studio', Buffer.alloc(32, n).toString('base64'), '--yes', '--json']).stdout,
    ) as TrustedPublisher
    const { data } = JSON.parse(place.run(['audit', 'list', '--json']).stdout) as { data: AuditEntry[] }
    return { fingerprint, ...data.find(({ action }) => action.startsWith('trust.')) }
  }
  const hash = (fingerprint: string): string =>
    createHash('sha256').update(JSON.stringify({ fingerprint })).digest('hex')
  const first = replaceBy(1) as AuditEntry & { fingerprint: string }
  expect(first).toMatchObject({ action: 'trust.added', beforeHash: null, afterHash: hash(first.fingerprint) })
  const second = replaceBy(2) as AuditEntry & { fingerprint: string }
  expect(second).toMatchObject({
    action: 'trust.replaced',
    target: 'studio',
    beforeHash: hash(first.fingerprint),
    afterHash: hash(second.fingerprint),
  })
  child.kill('SIGTERM')
  await new Promise((resolve) => child.once('exit', resolve))
  expect(replaceBy(3)).toMatchObject({ action: 'trust.replaced', beforeHash: hash(second.fingerprint) })
})

test('the audit log tells of it while nothing runs; before there is a database, that is said', async () => {
  expect(place.run(['trust', 'add', 'early', key]).stderr).toContain('The audit log does not tell of it')
  place.run(['keys', 'create', 'any'])
  expect(place.run(['trust', 'add', 'studio', key])).toMatchObject({ status: 0, stderr: '' })
  expect(place.run(['trust', 'remove', 'studio', '--yes'])).toMatchObject({ status: 0, stderr: '' })
  expect(deeds()).toEqual(['trust.removed studio', 'trust.added studio'])
  const runtimes = ['show', 'show'].map((word) => JSON.parse(place.run(['trust', word, '--json']).stdout) as Shown)
  expect(runtimes[0]?.runtime).toMatch(/./)
  expect(runtimes[1]).toEqual(runtimes[0])
})

test('in Chinese it is the same', () => {
  const { stdout } = place.run(['trust', 'show', '--lang', 'zh'])
  expect(stdout).toMatch(/^运行时 +还没有名称.*\n指纹 +[0-9a-f]{4}-/)
})

test.skipIf(process.platform === 'win32')('where the disk is full, the list stays and room is asked for', () => {
  place.run(['trust', 'add', 'studio', key])
  const before = readFileSync(file('trust.json'), 'utf8')
  const { status, stderr } = withoutRoom(place, ['trust', 'add', 'other', other])
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(/trust\.json cannot be written: EFBIG[\s\S]*Make room/),
  })
  expect(readFileSync(file('trust.json'), 'utf8')).toBe(before)
})
