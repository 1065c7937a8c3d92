import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import { type FakeModel, fakeModel } from '@asyncv/openai/testing'
import { type FakeTelegram, fakeTelegram } from '@asyncv/telegram/testing'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { commandPlace, type Place, type Ran } from '../command.fixture.ts'
import { withoutRoom } from '../full-disk.fixture.ts'
import { atTerminal, type Step } from '../terminal.fixture.ts'

vi.setConfig({ testTimeout: 60_000 })

let model: FakeModel
let tg: FakeTelegram
let place: Place
beforeAll(async () => {
  model = await fakeModel({ models: ['text-embedding-3-small', 'some-model'], apiKey: "k'1#2" })
  tg = await fakeTelegram()
})
afterAll(async () => {
  await model.close()
  await tg.close()
})
beforeEach(() => {
  place = commandPlace()
})
afterEach(() => place.remove())

/** Not `place.run`, which blocks this process, where the model and Telegram are. */
const init = (args: string[], env: Record<string, string> = {}, input = ''): Promise<Ran> =>
  place.call(['init', ...args], { env, input })

/** The same at a terminal, answered step by step. */
async function dialogue(steps: Step[], env: Record<string, string> = {}, args: string[] = []) {
  const started = atTerminal(place.command(['init', ...args], { TERM: 'xterm', ...env }), steps)
  const child = spawn(started.command, started.args, { cwd: started.cwd, env: started.env })
  const [shown, [status]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number]>])
  return { status, screen: stripVTControlCharacters(shown) }
}

const variables = (): Record<string, string> => ({ OPENAI_API_KEY: "k'1#2", OPENAI_BASE_URL: model.url })
const telegram = (): string[] => ['--connector', 'telegram', '--telegram-api', tg.url]
const read = (name: string): string => readFileSync(join(place.folder, name), 'utf8')
const files = (): string[] => readdirSync(place.folder).sort()
/** From the first choice to the last. */
const up = '\u001b[A'
const down = '\u001b[B'

test('--yes sets up what flags and the environment say, and start runs it: a person is answered in their chat', async () => {
  const env = { ...variables(), TELEGRAM_BOT_TOKEN: tg.token }
  const { status, stdout, stderr } = await init(['--yes', '--allow', '7,8', ...telegram()], env)
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: expect.stringMatching(
      /Telegram accepts the token[\s\S]*some-model answered after \d+ ms: You said: Say hello\./,
    ),
  })
  expect(stdout).toMatch(/Next:\n {2}npx @asyncv\/cli start\nand write to your bot/)
  expect(files()).toEqual(['.env', '.gitignore', 'asyncv.config.ts'])
  expect(statSync(join(place.folder, '.env')).mode & 0o777).toBe(0o600)
  expect(read('asyncv.config.ts')).not.toMatch(/fake-token|k'1/)
  expect(read('.gitignore')).toBe('.env\n.asyncv/\n')
  // Of the environment nothing is left: the files have it all.
  const { child } = await place.start()
  tg.say(7, 'are you there?')
  expect(await tg.next(7, ({ text: said }) => said.includes('are you there?'))).toBeTruthy()
  child.kill('SIGTERM')
  await once(child, 'exit')
})

test('without anything it sets the offline demo up, as JSON where that is wanted, in a folder of its own', async () => {
  const { status, stdout } = await init(['my bot', '--yes', '--model', 'offline', '--format', 'json'])
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining("cd 'my bot'") })
  expect(JSON.parse(read('my bot/asyncv.config.json'))).toMatchObject({ agents: [{ model: 'offline/demo' }] })
  expect(existsSync(join(place.folder, 'my bot/.env'))).toBe(false)
  const { url } = await place.start(['--config', 'my bot/asyncv.config.json'])
  expect(await (await fetch(`${url}/v1/agents`)).json()).toMatchObject({ data: [{ name: 'assistant' }] })
})

const someModel = ['init', '--yes', '--base-url', 'http://127.0.0.1:9/v1', '--model', 'some-model', '--skip-tests']

test.skipIf(process.platform === 'win32')(
  'on a full disk it leaves all as it was, and no part of a file with secrets',
  () => {
    const kept = `OTHER=${'x'.repeat(20_000)}\n`
    place.write('.env', kept)
    const env = { OPENAI_API_KEY: 'sk-canary' }
    // Room for the configuration, and for the beginning of .env.
    const { status, stderr } = withoutRoom(place, someModel, { blocks: 16, env })
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/\.env.* EFBIG[\s\S]*Make room/) })
    expect(files()).toEqual(['.env'])
    expect(read('.env')).toBe(kept)
  },
)

test('the configuration comes last, when what it needs is in its place', async () => {
  const seen: string[] = []
  const watcher = watch(place.folder, (_, name) => seen.push(String(name)))
  expect(await init(['--yes', '--model', 'some-model'], variables())).toMatchObject({ status: 0 })
  await vi.waitFor(() => expect(seen).toContain('asyncv.config.ts'), 5_000)
  watcher.close()
  const order = [...new Set(seen)].filter((name) => files().includes(name))
  expect(order).toEqual(['.env', '.gitignore', 'asyncv.config.ts'])
})

test('a link to an .env that is not there yet stays one', async () => {
  const real = join(place.folder, 'shared.env')
  symlinkSync(real, join(place.folder, '.env'))
  expect(await init(['--yes', '--model', 'some-model'], variables())).toMatchObject({ status: 0 })
  expect(lstatSync(join(place.folder, '.env')).isSymbolicLink()).toBe(true)
  expect(readFileSync(real, 'utf8')).toBe(`OPENAI_API_KEY="k'1#2"\n`)
})

test('a token may be piped in', async () => {
  const args = ['--yes', '--model', 'offline', '--allow', 'everyone', ...telegram()]
  expect(await init(args, {}, `${tg.token}\n`)).toMatchObject({ status: 0 })
  expect(read('.env')).toBe(`TELEGRAM_BOT_TOKEN=${tg.token}\n`)
  expect(read('asyncv.config.ts')).toContain("allow: 'everyone'")
})

test.each<[string, string[], Record<string, string>, number, RegExp]>([
  ['no terminal', [], {}, 2, /There is no terminal to ask at\.[\s\S]*asyncv init --yes --connector/],
  ['no token', ['--yes', '--connector', 'telegram'], {}, 2, /There is no token\.[\s\S]*TELEGRAM_BOT_TOKEN/],
  ['a token as a word', ['--yes', '42:sesame'], {}, 2, /takes no value as a word/],
  ['ids that are none', ['--yes', '--connector', 'telegram', '--allow', 'me'], {}, 2, /--allow is "me"/],
  ['an address that is none', ['--yes', '--base-url', 'localhost'], {}, 2, /--base-url is "localhost"/],
  ['a model without a service', ['--yes', '--model', 'm'], {}, 2, /could have the model "m"/],
])('refuses %s, and writes nothing', async (_, args, env, code, message) => {
  const { status, stdout, stderr } = await init(args, env)
  expect({ status, stdout, stderr }).toEqual({ status: code, stdout: '', stderr: expect.stringMatching(message) })
  expect(stderr).not.toContain('sesame')
  expect(files()).toEqual([])
})

test('a token that Telegram does not accept, and a key that the service does not, are found before anything is written', async () => {
  const denied = await init(['--yes', '--model', 'offline', ...telegram()], { TELEGRAM_BOT_TOKEN: '1:other' })
  expect(denied).toMatchObject({ status: 1, stderr: expect.stringMatching(/401[\s\S]*@BotFather/) })
  const env = { OPENAI_API_KEY: 'wrong-key', OPENAI_BASE_URL: model.url }
  const refused = await init(['--yes', '--model', 'some-model'], env)
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringMatching(/401[\s\S]*--skip-tests/) })
  expect(refused.stderr + denied.stderr).not.toMatch(/wrong-key|1:other/)
  expect(files()).toEqual([])
  expect(await init(['--yes', '--model', 'some-model', '--skip-tests'], env)).toMatchObject({ status: 0 })
})

test('what is there is not replaced without being asked, and kept where it is no matter', async () => {
  place.write('.env', "OTHER='1'\nOPENAI_API_KEY=before")
  place.write('.gitignore', 'dist\n/.asyncv')
  const args = ['--yes', '--model', 'some-model']
  expect(await init(args, variables())).toMatchObject({ status: 2, stderr: expect.stringContaining('OPENAI_API_KEY') })
  expect(files()).toEqual(['.env', '.gitignore'])
  expect(await init([...args, '--force'], variables())).toMatchObject({ status: 0 })
  expect(read('.env')).toBe(`OTHER='1'\nOPENAI_API_KEY="k'1#2"\n`)
  expect(read('.gitignore')).toBe('dist\n/.asyncv\n.env\n')
  place.write('asyncv.config.ts', 'mine')
  expect(await init(args, variables())).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('is there already'),
  })
  expect(await init([...args, '--force', '--format', 'json'], variables())).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('Move it away first'),
  })
  expect(read('asyncv.config.ts')).toBe('mine')
  expect(await init([...args, '--force'], variables())).toMatchObject({ status: 0 })
  expect(read('asyncv.config.ts')).toContain("model: 'main/some-model'")
})

test('files that are links stay links, keep their modes, and what else the folder has is not touched', async () => {
  const dotfiles = join(place.folder, 'dotfiles')
  const folder = join(place.folder, 'bot')
  mkdirSync(dotfiles)
  mkdirSync(folder)
  writeFileSync(join(dotfiles, 'env'), 'OTHER=1\n', { mode: 0o600 })
  writeFileSync(join(dotfiles, 'ignore'), 'dist\n', { mode: 0o640 })
  symlinkSync(join(dotfiles, 'env'), join(folder, '.env'))
  symlinkSync(join(dotfiles, 'ignore'), join(folder, '.gitignore'))
  writeFileSync(join(folder, '.env.new'), 'mine\n')
  expect(await init(['bot', '--yes', '--model', 'm', '--skip-tests'], { OPENAI_API_KEY: 'sk-1' })).toMatchObject({
    status: 0,
  })
  expect(read('dotfiles/env')).toBe('OTHER=1\nOPENAI_API_KEY=sk-1\n')
  expect(read('dotfiles/ignore')).toBe('dist\n.env\n.asyncv/\n')
  expect(statSync(join(dotfiles, 'ignore')).mode & 0o777).toBe(0o640)
  expect(lstatSync(join(folder, '.env')).isSymbolicLink()).toBe(true)
  expect(readdirSync(folder).sort()).toEqual(['.env', '.env.new', '.gitignore', 'asyncv.config.ts'])
  expect(read('bot/.env.new')).toBe('mine\n')
})

test('a value of several lines is replaced as a whole', async () => {
  place.write('.env', 'A="one\ntwo"\nOPENAI_API_KEY="old\nsecond line" # mine\nB=2\n')
  const args = ['--yes', '--force', '--model', 'm', '--skip-tests']
  expect(await init(args, { OPENAI_API_KEY: 'sk-1' })).toMatchObject({ status: 0 })
  expect(read('.env')).toBe('A="one\ntwo"\nB=2\nOPENAI_API_KEY=sk-1\n')
})

test('what a model says does not steer the terminal', async () => {
  const rude = await fakeModel({ reply: () => ({ text: 'hi\u001b]0;mine\u0007\u001b[2J there\n\nand more' }) })
  const { status, stderr } = await init(['--yes', '--base-url', rude.url])
  await rude.close()
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: expect.stringMatching(/answered after \d+ ms: hi.*there.*and more\n/),
  })
  expect(stripVTControlCharacters(stderr)).toBe(stderr)
  expect(stderr).not.toContain('\u0007')
})

test('a folder that cannot be written is named, and nothing is left in it', async () => {
  writeFileSync(join(place.folder, 'file'), '')
  expect(await init(['file/below', '--yes', '--model', 'offline'])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/file\/below cannot be written/),
  })
  // In the way of the last file that is written.
  mkdirSync(join(place.folder, '.gitignore.asyncv-new'))
  expect((await init(['--yes', '--model', 'offline'])).status).toBe(2)
  expect(files()).toEqual(['.gitignore.asyncv-new', 'file'])
})

test('in a terminal it asks, tries, and writes', async () => {
  const steps: Step[] = [
    ['Which model service?', '\r'],
    ['Which model?', '\r'],
    ['Where do people write to it?', '\r'],
    ['Token of the bot', 'nonsense\r'],
    ['A token looks like', `\u0015${tg.token}\r`],
    ['Who may talk to it?', '7\r'],
  ]
  const { status, screen } = await dialogue(steps, variables(), ['--telegram-api', tg.url])
  expect({ status, screen }).toMatchObject({ status: 0 })
  expect(screen).toContain('some-model answered after')
  expect(screen).toContain('Telegram accepts the token')
  expect(screen).not.toContain('fake-token')
  expect(files()).toEqual(['.env', '.gitignore', 'asyncv.config.ts'])
  expect(read('asyncv.config.ts')).toContain('allow: [7]')
})

test('a key that is refused is told of before any model is asked for, and another service is', async () => {
  const env = { ...variables(), OPENAI_API_KEY: 'wrong-key' }
  const steps: Step[] = [
    ['Which model service?', '\r'],
    ['Keep it all the same?', '\r'],
    ['Which model service?', `${up}\r`],
    ['Where do people write to it?', `${down}\r`],
  ]
  const { status, screen } = await dialogue(steps, env)
  expect({ status, screen }).toMatchObject({ status: 0 })
  expect(screen).toContain('401')
  expect(screen).not.toContain('wrong-key')
  expect(read('asyncv.config.ts')).toContain("model: 'offline/demo'")
})

test.each([
  ['en', 'Which model service?', 'Cancelled; nothing was written.'],
  ['zh', '用哪个模型服务？', '已取消，没有写入任何内容。'],
])('Ctrl-C at a question ends it with 130 and writes nothing (%s)', async (language, question, said) => {
  const { status, screen } = await dialogue([[question, '\u0003']], {}, ['--lang', language])
  expect({ status, screen }).toEqual({ status: 130, screen: expect.stringContaining(said) })
  expect(files()).toEqual([])
})
