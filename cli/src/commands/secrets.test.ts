import { fakeModel } from '@asyncv/openai/testing'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { commandPlace, type Place } from '../command.fixture.ts'
import { withoutRoom } from '../full-disk.fixture.ts'
import { runAtTerminal } from '../terminal.fixture.ts'

// Each command is a process of its own that loads everything from source.
vi.setConfig({ testTimeout: 90_000 })

let place: Place
beforeEach(() => {
  place = commandPlace()
})
afterEach(() => place.remove())

const value = 'sk-canary-secret-4711'
const vaultFile = (): string => join(place.folder, '.asyncv/vault.key')
const set = (name: string, input: string, ...more: string[]) => place.run(['secrets', 'set', name, ...more], { input })

async function answer(url: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}/v1/agents/helper/messages`, {
    method: 'POST',
    // Commands that are waited for hold this process, so a kept connection may be closed by then.
    headers: { 'Content-Type': 'application/json', Connection: 'close' },
    body: JSON.stringify({ text: 'hi' }),
  })
  return { status: response.status, text: await response.text() }
}

/** A service that wants `value` as its key, counts who comes without, and quotes what it was shown. */
function guarded() {
  return fakeModel({
    reply: (_, { headers }) =>
      headers.authorization === `Bearer ${value}`
        ? { text: 'Hello.' }
        : { status: 401, body: JSON.stringify({ error: { message: `Wrong: ${headers.authorization}` } }) },
  })
}

function config(baseURL: string, apiKey: unknown = { $secret: 'MODEL_KEY' }): void {
  place.write('asyncv.config.json', {
    providers: { main: { type: 'openai', options: { baseURL, apiKey } } },
    agents: [{ name: 'helper', model: 'main/fake-model' }],
    modelCalls: { maxAttempts: 4, backoffMs: 10 },
  })
}

test('sets, lists and removes secrets while nothing runs, and shows no value', () => {
  const made = set('MODEL_KEY', `${value}\n`, '--origins', 'https://a.example,https://b.example')
  expect(made).toMatchObject({
    status: 0,
    stdout: 'Secret MODEL_KEY is set: version 1, https://a.example, https://b.example.\n',
  })
  expect(statSync(vaultFile()).mode & 0o777).toBe(0o600)
  const listed = place.run(['secrets', 'list'])
  expect(listed.stdout).toMatch(/^NAME +VERSION +SET +FINGERPRINT +FOR\nMODEL_KEY +1 +\d{4}-.* +[0-9a-f]{16} +https:/)
  const [info] = JSON.parse(place.run(['secrets', 'list', '--json']).stdout) as { origins: string[] }[]
  expect(info).toMatchObject({ name: 'MODEL_KEY', version: 1, origins: ['https://a.example', 'https://b.example'] })
  expect(place.run(['secrets', 'remove', 'MODEL_KEY']).stdout).toBe('Secret MODEL_KEY is removed.\n')
  expect(place.run(['secrets', 'remove', 'MODEL_KEY'])).toMatchObject({ status: 2 })
  const written = readdirSync(join(place.folder, '.asyncv')).map((name) =>
    readFileSync(join(place.folder, '.asyncv', name), 'latin1'),
  )
  expect([made.stdout, made.stderr, listed.stdout, ...written].join('\n')).not.toContain(value)
})

test('a secret that is replaced beside the service is what the next call uses, and one that is refused is asked for once', async () => {
  const model = await guarded()
  try {
    config(model.url)
    set('MODEL_KEY', 'sk-a-wrong-one')
    const { url, stderr } = await place.start()
    const before = model.count
    const denied = await answer(url)
    expect(denied).toMatchObject({ status: 502, text: expect.stringContaining('provider_denied') })
    expect(model.count - before).toBe(1)
    expect(set('MODEL_KEY', value).stdout).toContain('version 2')
    expect((await answer(url)).status).toBe(200)
    expect(place.run(['secrets', 'list']).stdout).toMatch(/MODEL_KEY +2 /)
    expect([denied.text, stderr()].join('\n')).not.toMatch(/sk-a-wrong-one|sk-canary/)
    place.run(['secrets', 'remove', 'MODEL_KEY'])
    expect(await answer(url)).toMatchObject({ status: 502, text: expect.stringContaining('There is no secret') })
  } finally {
    await model.close()
  }
})

test('the vault comes before NAME_FILE, and that before the variable', async () => {
  const model = await guarded()
  try {
    config(model.url)
    place.write('key.txt', `${value}\n`)
    const env = { MODEL_KEY: 'sk-of-the-variable', MODEL_KEY_FILE: './key.txt' }
    const first = await place.start([], { env })
    expect((await answer(first.url)).status).toBe(200)
    set('MODEL_KEY', 'sk-of-the-vault')
    expect((await answer(first.url)).status).toBe(502)
    place.run(['secrets', 'remove', 'MODEL_KEY'])
    expect((await answer(first.url)).status).toBe(200)
  } finally {
    await model.close()
  }
})

test('a secret goes nowhere but where it is bound to', async () => {
  const model = await guarded()
  try {
    config(model.url)
    set('MODEL_KEY', value, '--origins', 'https://api.openai.com')
    const { url } = await place.start()
    const before = model.count
    const refused = await answer(url)
    expect(refused).toMatchObject({ status: 502, text: expect.stringContaining('bound to https://api.openai.com') })
    expect(model.count).toBe(before)
    set('MODEL_KEY', value, '--origins', new URL(model.url).origin)
    expect((await answer(url)).status).toBe(200)
    // Unbound, it goes where the operator's own file says.
    set('MODEL_KEY', value, '--origins', 'default')
    expect((await answer(url)).status).toBe(200)
  } finally {
    await model.close()
  }
})

test('ASYNCV_MASTER_KEY takes the place of the file; another key is named with the way out', () => {
  config('http://127.0.0.1:9/v1')
  const env = { ASYNCV_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') }
  expect(place.run(['secrets', 'set', 'MODEL_KEY'], { env, input: value }).status).toBe(0)
  expect(existsSync(vaultFile())).toBe(false)
  const lost = place.run(['start', '--port', '0'], {
    env: { ASYNCV_MASTER_KEY: Buffer.alloc(32, 8).toString('base64') },
  })
  expect(lost).toMatchObject({ status: 2, stdout: '' })
  expect(lost.stderr).toMatch(
    /secret MODEL_KEY cannot be read: .*master key [0-9a-f]{16}, and the one here is [0-9a-f]{16}/,
  )
  expect(lost.stderr).toContain('asyncv secrets set MODEL_KEY')
  expect(place.run(['secrets', 'list']).stdout).toContain('not readable (master key')
  expect(set('MODEL_KEY', value, '--new-key').stdout).toContain('version 2')
  const wrong = place.run(['secrets', 'list'], { env: { ASYNCV_MASTER_KEY: 'too-short-a-key' } })
  expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('openssl rand -base64 32') })
  expect(wrong.stderr).not.toContain('too-short-a-key')
})

test('a file of the master key that others may read is closed; one without a key is said', () => {
  set('K', value)
  chmodSync(vaultFile(), 0o644)
  expect(place.run(['secrets', 'list']).status).toBe(0)
  expect(statSync(vaultFile()).mode & 0o777).toBe(0o600)
  writeFileSync(vaultFile(), 'oops\n')
  expect(place.run(['secrets', 'list'])).toMatchObject({ status: 2, stderr: expect.stringContaining('vault.key') })
  rmSync(vaultFile())
})

test('a master key that is gone is not replaced while there are secrets, but where that is meant', () => {
  set('ONE', value)
  set('TWO', value)
  rmSync(vaultFile())
  // A start that is not refused would run on, and comes last.
  for (const words of [
    ['secrets', 'set', 'ONE'],
    ['start', '--port', '0'],
  ]) {
    const { status, stderr } = place.run(words, { input: value })
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining(`There is no master key: ${vaultFile()}`),
    })
    expect(stderr).toContain('2 secrets of the vault')
    expect(stderr).toContain('asyncv secrets set NAME --new-key')
    expect(existsSync(vaultFile())).toBe(false)
  }
  expect(place.run(['secrets', 'list']).stdout).toMatch(/ONE .*not readable[\s\S]*TWO .*not readable/)
  expect(existsSync(vaultFile())).toBe(false)

  expect(place.run(['secrets', 'set', 'ONE', '--new-key'], { input: value })).toMatchObject({ status: 0 })
  expect(set('TWO', value)).toMatchObject({ status: 0 })
  expect(place.run(['secrets', 'list']).stdout).not.toContain('not readable')
})

test.skipIf(process.platform === 'win32')('a master key that cannot be written leaves nothing behind', () => {
  const { status, stderr } = withoutRoom(place, ['secrets', 'set', 'ONE'], { input: value })
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringMatching(/vault\.key cannot be written: EFBIG[\s\S]*Make room/),
  })
  expect(readdirSync(join(place.folder, '.asyncv'))).toEqual([])
  expect(set('ONE', value)).toMatchObject({ status: 0 })
})

test('a start without secrets makes the master key that is gone anew', async () => {
  set('ONE', value)
  place.run(['secrets', 'remove', 'ONE'])
  rmSync(vaultFile())
  await place.start()
  expect(existsSync(vaultFile())).toBe(true)
})

test('a NAME_FILE that cannot be read is named', () => {
  config('http://127.0.0.1:9/v1')
  const { status, stderr } = place.run(['start', '--port', '0'], { env: { MODEL_KEY_FILE: './nowhere' } })
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/MODEL_KEY_FILE names .*nowhere/) })
})

test.each<[string[], string, string]>([
  [[], '', 'set, list, show, remove'],
  [['set'], '', 'needs a name'],
  [['list', 'x'], '', 'takes no "x"'],
  [['remove', 'K', '--origins', 'https://a.example'], '', '--origins'],
  [['set', 'K'], '', 'The value is empty'],
  [['set', 'a b'], 'x', 'letters, digits'],
  [['set', 'K', '--origins', 'a.example'], 'x', 'https://api.openai.com'],
  [['set', 'K', value], '', 'takes no value as a word'],
])('secrets %j is refused with the way out, and quotes no value', (words, input, wayOut) => {
  const { status, stdout, stderr } = place.run(['secrets', ...words], { input })
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain(wayOut)
  expect(stderr).not.toContain(value)
})

/** Types into the command at a pseudo-terminal; everything that the terminal shows, and the exit code. */
function atTerminal(words: string[], typed: string): { shown: string; status: number | null } {
  return runAtTerminal(place.command(['secrets', ...words], {}), [['hidden): ', typed]])
}

test('at a terminal the value is asked for and not shown', () => {
  const { shown, status } = atTerminal(['set', 'K'], `${value}x\x7f\r`)
  expect(shown).toContain('Value of K (hidden): ')
  expect(shown).toContain('Secret K is set: version 1')
  expect(shown).not.toContain(value.slice(0, 6))
  expect(status).toBe(0)
})

test.each(['-----BEGIN KEY-----\r-----END KEY-----\r', 'first\rsecond'])(
  'of several lines at the prompt none is taken for all: %j',
  (typed) => {
    const { shown, status } = atTerminal(['set', 'K'], typed)
    expect(status).toBe(2)
    expect(shown).toContain('Several lines were given; nothing was set.')
    expect(existsSync(join(place.folder, '.asyncv'))).toBe(false)
  },
)

test('several lines from a pipe are one value; bytes that are no text are refused', async () => {
  expect(set('PEM', 'first line\nsecond line\n')).toMatchObject({ status: 0 })
  const { command, args, cwd, env } = place.command(['secrets', 'set', 'BYTES'], {})
  const input = Buffer.from('abc\xffdef', 'latin1')
  const { status, stderr } = spawnSync(command, args, { cwd, env, input, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('no text in UTF-8') })
})

test('a name that cannot be one is refused before the value is asked for, and not said', () => {
  const { shown, status } = atTerminal(['set', `K=${value}`], '')
  expect(status).toBe(2)
  expect(shown).toContain('cannot be used')
  expect(shown).not.toContain(value)
})

test.each(['\x03', '\x04'])('leaving the prompt with %j sets nothing', (typed) => {
  const { shown, status } = atTerminal(['set', 'K'], typed)
  expect(status).toBe(130)
  expect(shown).toContain('nothing was set')
  expect(existsSync(join(place.folder, '.asyncv'))).toBe(false)
})
