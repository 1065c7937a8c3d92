import { openSqlite } from '@asyncv/migrations'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { createAsyncv } from '../asyncv.ts'
import { openSecrets } from '../open-secrets.ts'
import { sqlite } from '../sqlite/index.ts'
import { scripted } from '../testing/scripted.ts'
import { defineTool } from '../tool.ts'
import { newMasterKey } from './master-key.ts'
import { createVault, type Vault } from './vault.ts'

const key = newMasterKey()
const value = 'sesame-canary-4711'
const agents = [{ name: 'helper', model: 'offline/demo' }]

function newDatabase(): string {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-vault-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'asyncv.db')
}

async function start(vault: Vault, file = ':memory:') {
  const asyncv = createAsyncv({ storage: sqlite(file), vault, agents })
  await asyncv.start()
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  return asyncv
}

/** Runs statements on the database while nobody owns it, as whoever can write to its file could. */
async function tamper(file: string, ...statements: string[]): Promise<void> {
  const connection = await openSqlite(file)
  for (const statement of statements) connection.exec(statement)
  connection.close()
}

test('a secret is revealed, and told of without its value', async () => {
  const vault = createVault({ key })
  const { secrets } = await start(vault)
  const made = await secrets.put({ name: 'MODEL_KEY', value })
  expect(made).toEqual({
    name: 'MODEL_KEY',
    version: 1,
    origins: null,
    fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    keyId: vault.keyId,
    updatedAt: expect.any(Number),
  })
  expect(await secrets.list()).toEqual([made])
  const secret = vault.secret('MODEL_KEY')
  expect(secret.reveal('https://a.example')).toBe(value)
  const seen = [String(secret), JSON.stringify({ secret }), inspect({ secret, vault }, { depth: 9, showHidden: true })]
  expect(seen.join('\n')).not.toContain(value)
  expect(seen[0]).toBe('[secret MODEL_KEY]')
})

test('a new value is what the next request gets; a removed one is what none gets', async () => {
  const vault = createVault({ key })
  const { secrets } = await start(vault)
  const first = await secrets.put({ name: 'K', value, origins: ['https://a.example/'] })
  const secret = vault.secret('K')
  const second = await secrets.put({ name: 'K', value: 'another-value' })
  expect(second).toMatchObject({ version: 2, origins: ['https://a.example'] })
  expect(second.fingerprint).not.toBe(first.fingerprint)
  expect(secret.reveal('https://a.example')).toBe('another-value')
  expect((await secrets.put({ name: 'K', value })).fingerprint).toBe(first.fingerprint)
  await secrets.remove('K')
  expect(() => secret.reveal('https://a.example')).toThrow(expect.objectContaining({ code: 'secret_unknown' }))
  await expect(secrets.remove('K')).rejects.toMatchObject({ code: 'secret_unknown' })
  await expect(secrets.get('K')).rejects.toMatchObject({ code: 'secret_unknown' })
})

test('values that come at the same time are versions one after the other', async () => {
  const { secrets } = await start(createVault({ key }))
  const made = await Promise.all([1, 2, 3].map((n) => secrets.put({ name: 'K', value: `value-${n}` })))
  expect(made.map(({ version }) => version)).toEqual([1, 2, 3])
})

test('two names with one value have fingerprints that do not tell', async () => {
  const { secrets } = await start(createVault({ key }))
  const a = await secrets.put({ name: 'A', value })
  const b = await secrets.put({ name: 'B', value })
  expect(a.fingerprint).not.toBe(b.fingerprint)
})

test('the vault comes first, then what is known elsewhere', async () => {
  const vault = createVault({ key, elsewhere: (name) => (name === 'K' ? 'from-elsewhere' : undefined) })
  const secret = vault.secret('K')
  const { secrets } = await start(vault)
  expect(secret.reveal('https://a.example')).toBe('from-elsewhere')
  await secrets.put({ name: 'K', value })
  expect(secret.reveal('https://a.example')).toBe(value)
  await secrets.remove('K')
  expect(secret.reveal('https://a.example')).toBe('from-elsewhere')
})

test('a secret goes to the origins it is bound to, and to no other', async () => {
  const vault = createVault({ key, elsewhere: () => 'from-elsewhere' })
  const { secrets } = await start(vault)
  const secret = vault.secret('K', { origins: ['https://official.example'] })
  const refused = (): unknown =>
    expect.objectContaining({ code: 'secret_refused', hint: expect.stringContaining('--origins') })
  expect(secret.reveal('https://official.example')).toBe('from-elsewhere')
  for (const origin of ['http://official.example', 'https://official.example:8443', 'https://evil.example', '']) {
    expect(() => secret.reveal(origin), origin).toThrow(refused())
  }
  await secrets.put({ name: 'K', value, origins: ['https://gateway.example'] })
  expect(secret.reveal('https://gateway.example')).toBe(value)
  expect(() => secret.reveal('https://official.example')).toThrow(refused())
  await secrets.put({ name: 'K', value, origins: null })
  expect(secret.reveal('https://official.example')).toBe(value)
})

test('a runtime whose part names a secret that is nowhere does not start, and says where it stands', async () => {
  const vault = createVault({ key })
  vault.secret('NOPE', { place: 'providers.main.options.apiKey' })
  vault.secret('NEITHER')
  const asyncv = createAsyncv({ storage: sqlite(':memory:'), vault, agents })
  await expect(asyncv.start()).rejects.toMatchObject({
    code: 'config_invalid',
    message: 'providers.main.options.apiKey: there is no secret NOPE.\nvault.secret: there is no secret NEITHER.',
    hint: expect.stringContaining('asyncv secrets set'),
  })
})

test('nothing is revealed while the runtime does not run, and a restart reads what was kept', async () => {
  const file = newDatabase()
  const vault = createVault({ key })
  const secret = vault.secret('K')
  const desk = await openSecrets(sqlite(file), { key })
  await desk.put({ name: 'K', value })
  await desk.close()
  expect(() => secret.reveal('https://a.example')).toThrow(expect.objectContaining({ code: 'not_running' }))
  const asyncv = await start(vault, file)
  expect(secret.reveal('https://a.example')).toBe(value)
  await asyncv.stop({ drainMs: 0 })
  expect(() => secret.reveal('https://a.example')).toThrow(expect.objectContaining({ code: 'not_running' }))
})

test('nothing on the disk holds the value, however it is written', async () => {
  const file = newDatabase()
  const desk = await openSecrets(sqlite(file), { key })
  await desk.put({ name: 'K', value })
  const onDisk = readdirSync(join(file, '..')).map((name) => readFileSync(join(file, '..', name), 'latin1'))
  await desk.close()
  const forms = [value, Buffer.from(value).toString('base64').slice(0, 16), Buffer.from(value).toString('hex'), key]
  for (const form of forms) expect(onDisk.join('\n').includes(form), form).toBe(false)
  expect(onDisk.join('\n').length).toBeGreaterThan(1_000)
})

test('another master key reads nothing: the error names both keys and the way out, and the vault can be filled anew', async () => {
  const file = newDatabase()
  const desk = await openSecrets(sqlite(file), { key })
  const { keyId } = await desk.put({ name: 'K', value })
  await desk.close()
  const other = createVault({ key: newMasterKey() })
  other.secret('K')
  const asyncv = createAsyncv({ storage: sqlite(file), vault: other, agents })
  await expect(asyncv.start()).rejects.toMatchObject({
    code: 'secret_unreadable',
    message: `The secret K cannot be read: it was sealed with master key ${keyId}, and the one here is ${other.keyId}.`,
    hint: expect.stringMatching(/ASYNCV_MASTER_KEY.*asyncv secrets set K/),
  })
  const keyless = createVault()
  keyless.secret('K')
  await expect(createAsyncv({ storage: sqlite(file), vault: keyless, agents }).start()).rejects.toMatchObject({
    message: `The secret K cannot be read: it was sealed with master key ${keyId}, and there is none here.`,
  })
  const again = await openSecrets(sqlite(file), { key: newMasterKey() })
  expect(await again.list()).toMatchObject([{ name: 'K', version: 1, fingerprint: null, keyId }])
  expect(await again.put({ name: 'K', value: 'anew-anew' })).toMatchObject({ version: 2 })
  await again.close()
})

test.each([
  [
    'swapped with another',
    `update secret set cipher = (select cipher from secret where name = 'B'), nonce = (select nonce from secret where name = 'B') where name = 'A'`,
  ],
  ['renamed', `delete from secret where name = 'A'`, `update secret set name = 'A' where name = 'B'`],
  ['bound to other origins', `update secret set origins = '["https://evil.example"]' where name = 'A'`],
  ['unbound', `update secret set origins = null where name = 'A'`],
  ['given another version', `update secret set version = 7 where name = 'A'`],
  ['given another nonce', `update secret set nonce = (select nonce from secret where name = 'B') where name = 'A'`],
  ['cut', `update secret set cipher = 'AAAA' where name = 'A'`],
])('a row that was %s does not open', async (_, ...statements) => {
  const file = newDatabase()
  const desk = await openSecrets(sqlite(file), { key })
  await desk.put({ name: 'A', value, origins: ['https://a.example'] })
  await desk.put({ name: 'B', value: 'another-value', origins: ['https://a.example'] })
  await desk.close()
  await tamper(file, ...statements)
  const vault = createVault({ key })
  vault.secret('A')
  await expect(createAsyncv({ storage: sqlite(file), vault, agents }).start()).rejects.toMatchObject({
    code: 'secret_unreadable',
    message: expect.stringContaining('its row was changed'),
  })
})

test('a row that nothing uses and nobody can read keeps no runtime from starting', async () => {
  const file = newDatabase()
  const desk = await openSecrets(sqlite(file), { key })
  await desk.put({ name: 'OLD', value })
  await desk.close()
  const { secrets } = await start(createVault({ key: newMasterKey() }), file)
  expect(await secrets.remove('OLD')).toMatchObject({ name: 'OLD' })
})

test.each(['nonsense', '5', '{"length":1}', '[5]', '[null]'])(
  'origins that somebody changed to %s shut their own secret alone, and it can be set anew',
  async (origins) => {
    const file = newDatabase()
    const desk = await openSecrets(sqlite(file), { key })
    await desk.put({ name: 'CHANGED', value, origins: ['https://a.example'] })
    await desk.put({ name: 'OTHER', value: 'another-value' })
    await desk.close()
    await tamper(file, `update secret set origins = '${origins}' where name = 'CHANGED'`)
    const vault = createVault({ key })
    const other = vault.secret('OTHER')
    const { secrets } = await start(vault, file)
    expect(other.reveal('https://b.example')).toBe('another-value')
    expect(await secrets.list()).toMatchObject([{ name: 'CHANGED', fingerprint: null, origins: [] }, { name: 'OTHER' }])
    expect(await secrets.put({ name: 'CHANGED', value })).toMatchObject({ version: 2, origins: null })
  },
)

test('a secret set anew does not go where somebody else bound its row to', async () => {
  const file = newDatabase()
  const desk = await openSecrets(sqlite(file), { key })
  await desk.put({ name: 'A', value, origins: ['https://a.example'] })
  await desk.close()
  await tamper(file, `update secret set origins = '["https://evil.example"]' where name = 'A'`)
  const again = await openSecrets(sqlite(file), { key })
  expect(await again.put({ name: 'A', value })).toMatchObject({ origins: null })
  expect(await again.put({ name: 'A', value, origins: ['https://b.example'] })).toMatchObject({ version: 3 })
  expect(await again.put({ name: 'A', value })).toMatchObject({ origins: ['https://b.example'] })
  await again.close()
})

test('what a tool throws is told to the model and the journal without values', async () => {
  const vault = createVault({ key, elsewhere: () => value })
  const secret = vault.secret('K')
  const provider = scripted([{ toolCalls: [{ name: 'look', args: {} }] }, 'It failed.'])
  const look = defineTool({
    name: 'look',
    description: 'Asks a service',
    input: z.object({}),
    effect: 'read',
    run: () => {
      throw new Error(`GET https://a.example/?key=${secret.reveal('https://a.example')} failed`)
    },
  })
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    vault,
    providers: { main: provider },
    agents: [{ name: 'helper', model: 'main/x', tools: [look] }],
  })
  await asyncv.start()
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  const { task } = await asyncv.send({ agent: 'helper', text: 'hi' })
  const seen = JSON.stringify([provider.requests.map(({ messages }) => messages), await asyncv.steps(task)])
  expect(seen).toContain('?key=[secret K] failed')
  expect(seen).not.toContain(value)
})

test('without a master key nothing is kept', async () => {
  const { secrets } = await start(createVault())
  await expect(secrets.put({ name: 'K', value })).rejects.toMatchObject({ code: 'vault_keyless' })
  expect(await secrets.list()).toEqual([])
})

test.each(['', 'short', value, 'g'.repeat(64), Buffer.alloc(31)])(
  'a master key that is none is refused, unsaid',
  (wrong) => {
    expect(() => createVault({ key: wrong })).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        message: 'The master key of the vault is not 32 bytes in base64 or hexadecimal.',
      }),
    )
  },
)

test('a master key is the same in each way to write it', () => {
  const bytes = Buffer.from(key, 'base64')
  const forms = [key, key.replace('=', ''), bytes.toString('base64url'), bytes.toString('hex'), bytes, `${key}\n`]
  expect(new Set(forms.map((form) => createVault({ key: form }).keyId)).size).toBe(1)
})

test.each([
  ['name', { name: `a ${value}`, value: 'x' }],
  ['name', { name: '', value }],
  ['value', { name: 'K', value: '' }],
  ['value', { name: 'K', value: value.repeat(4_000) }],
  ['value', { name: 'K', value: `${value}\ud83d` }],
  ['origin', { name: 'K', value, origins: ['api.openai.com'] }],
  ['origin', { name: 'K', value, origins: ['https://a.example/v1'] }],
  ['origin', { name: 'K', value, origins: ['ftp://a.example'] }],
  ['origin', { name: 'K', value, origins: [`https://me:${value}@a.example`] }],
  ['origin', { name: 'K', value, origins: Array<string>(21).fill('https://a.example') }],
])('refuses a wrong %s, and says no value', async (field, input) => {
  const { secrets } = await start(createVault({ key }))
  const error: unknown = await secrets.put(input).catch((failure: unknown) => failure)
  expect(error).toMatchObject({ code: 'input_invalid', message: expect.stringContaining(field) })
  expect(JSON.stringify(error)).not.toContain(value)
})

test('a value that could not be kept is hidden all the same: what failed with it may tell of it', async () => {
  const file = newDatabase()
  const first = createAsyncv({ storage: sqlite(file), vault: createVault({ key }), agents })
  await first.start()
  await first.stop({ drainMs: 0 })
  await tamper(file, "create trigger no_more before insert on secret begin select raise(abort, 'no more'); end")
  const vault = createVault({ key })
  const { secrets } = await start(vault, file)
  await expect(secrets.put({ name: 'MODEL_KEY', value })).rejects.toThrow('no more')
  expect(await secrets.list()).toEqual([])
  expect(vault.hide(`refused: ${value}`)).toBe('refused: [secret MODEL_KEY]')
})
