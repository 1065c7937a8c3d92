/** What an operator does with a service, from an empty folder to another machine, by the command alone. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fakeModel, type FakeModel } from '@asyncv/openai/testing'
import { fakeTelegram, type FakeTelegram } from '@asyncv/telegram/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { commandPlace, type Place, type Ran } from './command.fixture.ts'

let place: Place
let model: FakeModel
let tg: FakeTelegram
beforeEach(async () => {
  place = commandPlace()
  model = await fakeModel({
    models: ['some-model'],
    apiKey: 'key',
    reply: ({ messages }) => ({ text: spoken(messages) }),
  })
  tg = await fakeTelegram()
})
afterEach(async () => {
  for (const cwd of [place.folder, elsewhere()]) if (existsSync(cwd)) await asyncv(['stop', '--now'], { cwd })
  await model.close()
  await tg.close()
  place.remove()
})

const elsewhere = (): string => join(place.folder, 'elsewhere')

/** Says how it was told to speak, so that a chat shows which instructions are in force. */
function spoken(messages: readonly { role: string; content?: unknown }[]): string {
  const tone = messages.some(({ content }) => String(content).includes('like a pirate')) ? 'Arr, ' : ''
  return `${tone}${String(messages.at(-1)?.content)}`
}

interface Given {
  /** The folder to be in. Default: the first machine's. */
  cwd?: string
  input?: string
  env?: Record<string, string>
}

async function asyncv(args: string[], { cwd = place.folder, input = '', env = {} }: Given = {}): Promise<Ran> {
  const started = place.command(args, env)
  const child = spawn(started.command, started.args, { cwd, env: started.env })
  child.stdin.end(input)
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ])
  return { status, stdout, stderr }
}

async function done(args: string[], given?: Given): Promise<Ran> {
  const ran = await asyncv(args, given)
  expect(ran, `asyncv ${args.join(' ')}: ${ran.stderr}`).toMatchObject({ status: 0 })
  return ran
}

/** What the person in the chat is told. */
async function ask(words: string): Promise<string> {
  tg.say(7, words)
  return (await tg.next(7, ({ text: said }) => said.includes(words))).text
}

async function messagesOf(session: string, cwd?: string): Promise<{ id: string }[]> {
  const { stdout } = await done(['sessions', 'show', session, '--json'], cwd === undefined ? {} : { cwd })
  return (JSON.parse(stdout) as { messages: { id: string }[] }).messages
}

test('set up, run, changed, rolled back, traced, its token rotated, backed up and restored elsewhere', async () => {
  await done(
    ['init', '--yes', '--format', 'json', '--connector', 'telegram', '--telegram-api', tg.url, '--allow', '7'],
    {
      env: { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: model.url, TELEGRAM_BOT_TOKEN: tg.token },
    },
  )
  const start = ['start', '--detach', '--port', '0', '--management-port', '0']
  await done(start)
  expect(await ask('good morning')).toBe('good morning')

  // Instructions changed, deployed, seen live in a chat, and rolled back.
  const file = join(place.folder, 'asyncv.config.json')
  const config = JSON.parse(readFileSync(file, 'utf8')) as { agents: { instructions: string }[] }
  for (const agent of config.agents) agent.instructions = 'Speak like a pirate.'
  writeFileSync(file, JSON.stringify(config))
  const deployed = await done(['deploy', '--yes'])
  expect(deployed.stdout + deployed.stderr).toContain('pirate')
  expect(await ask('and now?')).toBe('Arr, and now?')
  const releases = JSON.parse((await done(['releases', 'list', '--json'])).stdout) as { data: { revision: number }[] }
  expect(releases.data.map(({ revision }) => revision)).toEqual([2, 1])
  await done(['rollback', '1', '--yes'])
  expect(await ask('as before?')).toBe('as before?')

  // Where is my message?
  const { data: sessions } = JSON.parse((await done(['sessions', 'list', '--json'])).stdout) as {
    data: { id: string }[]
  }
  const [session] = sessions
  const [first] = await messagesOf(session?.id ?? '')
  const { stdout: way } = await done(['trace', first?.id ?? ''])
  expect(way).toMatch(/tg:4242[\s\S]*main\/some-model[\s\S]*sent/)

  // The bot's token is replaced while the service runs.
  tg.revoke('4242:another-token')
  await done(['secrets', 'set', 'TELEGRAM_BOT_TOKEN'], { input: '4242:another-token' })
  expect(await ask('still there?')).toBe('still there?')

  // Another machine: a folder of its own, the backup, and what a backup has no copy of.
  await done(['db', 'backup', 'copy.tar'])
  expect(await ask('said after the backup')).toBe('said after the backup')
  await done(['stop'])
  mkdirSync(elsewhere())
  for (const name of ['asyncv.config.json', '.env']) copyFileSync(join(place.folder, name), join(elsewhere(), name))
  await done(['db', 'restore', join(place.folder, 'copy.tar')], { cwd: elsewhere() })
  copyFileSync(join(place.folder, '.asyncv/vault.key'), join(elsewhere(), '.asyncv/vault.key'))
  await done(start, { cwd: elsewhere() })
  expect(await ask('are you here now?')).toBe('are you here now?')
  const known = await messagesOf(session?.id ?? '', elsewhere())
  expect(JSON.stringify(known)).toContain('good morning')
  const chat = tg.sends.filter(({ text: said }) => said === 'good morning')
  expect(chat).toHaveLength(1)
}, 120_000)
