import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { commandPlace, type Place, type Ran } from '../command.fixture.ts'
import { withoutRoom } from '../full-disk.fixture.ts'
import { hostNames, hostOf } from '../mcp-hosts/hosts.ts'

// Each start of the command takes a second or more on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

let place: Place
beforeEach(() => (place = commandPlace()))
afterEach(() => place.remove())

const home = (): string => join(place.folder, 'home')
const fileOf = (name: (typeof hostNames)[number]): string => hostOf(name, { HOME: home() }).file

function install(...args: string[]): Ran {
  return place.run(['mcp', 'install', ...args], { env: { HOME: home() } })
}

function given(name: (typeof hostNames)[number], text: string): string {
  const file = fileOf(name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

/** The host has it from its file, and starts it in a folder of its own. */
async function toolsOf(file: string, key: string): Promise<string[]> {
  const { asyncv } = JSON.parse(readFileSync(file, 'utf8'))[key] as {
    asyncv: { command: string; args: string[]; env: Record<string, string> }
  }
  const client = new Client({ name: 'test', version: '1' })
  const env = { PATH: process.env['PATH'] ?? '', ASYNCV_PORT: '1', ...asyncv.env }
  await client.connect(
    new StdioClientTransport({ ...asyncv, env, cwd: dirname(place.folder), stderr: 'pipe' }) as never,
  )
  const { tools } = await client.listTools()
  await client.close()
  return tools.map(({ name }) => name)
}

test.each(['cursor', 'vscode'] as const)(
  'what is written for %s starts the agents of this folder, from wherever the host runs',
  async (name) => {
    place.write('asyncv.config.json', { agents: [{ name: 'mine', model: 'offline/demo' }] })
    expect(install('--client', name, '--yes')).toMatchObject({ status: 0 })
    expect(await toolsOf(fileOf(name), hostOf(name, { HOME: home() }).key)).toContain('ask_mine')
  },
)

test('the folder that only a variable of this shell names is named to the host as well', () => {
  place.write('asyncv.config.json', { agents: [{ name: 'mine', model: 'offline/demo' }] })
  const env = { HOME: home(), ASYNCV_HOME: './data' }
  const printed = (): unknown => JSON.parse(place.run(['mcp', 'install', '--print'], { env }).stdout)
  const named = (env: Record<string, string>): unknown => ({ mcpServers: { asyncv: expect.objectContaining({ env }) } })
  const config = join(place.folder, 'asyncv.config.json')
  expect(printed()).toEqual(named({ ASYNCV_CONFIG: config, ASYNCV_HOME: join(place.folder, 'data') }))
  place.write('asyncv.config.json', { storage: 'sqlite:./own.db' })
  expect(printed()).toEqual(named({ ASYNCV_CONFIG: config }))
})

test('what is there stays, with its comments, and a copy of it too', () => {
  const before = '{\n\t// mine\n\t"mcpServers": {\n\t\t"other": { "command": "x" }\n\t},\n\t"theme": "dark"\n}\n'
  const file = given('cursor', before)
  chmodSync(file, 0o640)
  install('--yes')
  const after = readFileSync(file, 'utf8')
  expect(after).toMatch(/\n\t\/\/ mine\n[\s\S]*"other": \{[\s\S]*"asyncv": \{[\s\S]*\n\t"theme": "dark"\n\}\n$/)
  expect(statSync(file).mode & 0o777).toBe(0o640)
  const [copy = ''] = readdirSync(dirname(file)).filter((name) => name.includes('before-asyncv'))
  expect(readFileSync(join(dirname(file), copy), 'utf8')).toBe(before)
  expect(install('--yes').stdout).toMatch(/already/)
  expect(readFileSync(file, 'utf8')).toBe(after)
  expect(install('--remove', '--yes').status).toBe(0)
  expect(readFileSync(file, 'utf8')).not.toMatch(/asyncv/)
  expect(JSON.parse(readFileSync(file, 'utf8').replace('// mine', ''))).toEqual(
    JSON.parse(before.replace('// mine', '')),
  )
})

test('a file that others keep elsewhere stays a link to there', () => {
  const file = fileOf('cursor')
  mkdirSync(dirname(file), { recursive: true })
  const real = place.write('dotfiles.json', '{}')
  symlinkSync(real, file)
  install('--yes')
  expect(readFileSync(real, 'utf8')).toMatch(/asyncv/)
})

test('a link to what is not there yet stays one, and what it leads to is written', () => {
  const file = fileOf('cursor')
  mkdirSync(dirname(file), { recursive: true })
  const real = join(place.folder, 'dotfiles/cursor.json')
  symlinkSync(real, join(place.folder, 'between'))
  symlinkSync('../../between', file)
  expect(install('--yes')).toMatchObject({ status: 0 })
  expect(lstatSync(file).isSymbolicLink()).toBe(true)
  expect(readFileSync(real, 'utf8')).toMatch(/asyncv/)
})

test.skipIf(process.platform === 'win32')('a full disk is told from a file that may not be written', () => {
  const file = given('cursor', '{}')
  const words = ['mcp', 'install', '--client', 'cursor', '--yes']
  expect(withoutRoom(place, words, { env: { HOME: home() } })).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/EFBIG[\s\S]*Make room/),
  })
  expect(readFileSync(file, 'utf8')).toBe('{}')
  expect(readdirSync(dirname(file))).toEqual(['mcp.json'])
})

describe('refused, and left alone:', () => {
  test('an address with a password in it, which is not said again', () => {
    const file = given('cursor', '{}')
    const { status, stderr } = install('--url', 'http://u:hunter2@127.0.0.1:7400/', '--yes')
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('--key') })
    expect(stderr).not.toContain('hunter2')
    expect(readFileSync(file, 'utf8')).toBe('{}')
  })

  test('a key that no request could carry', () => {
    const file = given('cursor', '{}')
    expect(install('--url', 'http://127.0.0.1:7400', '--key', '密钥', '--yes').status).toBe(2)
    expect(readFileSync(file, 'utf8')).toBe('{}')
  })

  test.each([
    ['no JSON', '{ "mcpServers": {', /line 1, column \d+/],
    ['no object', '[]', /the whole is no object/],
    ['servers that are none', '{ "mcpServers": [] }', /"mcpServers" is no object/],
    [
      'servers in two places, of which a host reads the other one',
      '{ "mcpServers": { "a": {} }, "mcpServers": {} }',
      /"mcpServers" stands there twice/,
    ],
  ])('%s', (_, text, message) => {
    const file = given('cursor', text)
    expect(install('--yes')).toMatchObject({ status: 2, stderr: expect.stringMatching(message) })
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(readdirSync(dirname(file))).toEqual(['mcp.json'])
  })

  test('without a yes', () => {
    const file = given('cursor', '{}')
    expect(install()).toMatchObject({ status: 2, stderr: expect.stringMatching(/--yes/) })
    expect(readFileSync(file, 'utf8')).toBe('{}')
  })

  test('without a host, or with several', () => {
    expect(install('--yes')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/None of the hosts[\s\S]*--client: claude-desktop/),
    })
    given('cursor', '{}')
    given('windsurf', '{}')
    expect(install('--yes').stderr).toMatch(/--client: cursor, windsurf/)
    expect(install('--client', 'curser', '--yes')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/Did you mean "cursor"/),
    })
  })
})

test.each([
  ['mcp', 'install', '--client', 'cursor', '--yes'],
  ['service', 'uninstall'],
])('a user without a home folder is told so: %s %s', (...args) => {
  const { status, stdout, stderr } = place.runAlone(args, { env: { HOME: '' } })
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining('Set HOME') })
})

test('--print writes nothing', () => {
  const { stdout, stderr } = install(
    '--print',
    '--client',
    'vscode',
    '--url',
    'http://127.0.0.1:7400',
    '--name',
    'ours',
  )
  expect(JSON.parse(stdout)).toEqual({
    servers: {
      ours: {
        type: 'stdio',
        command: process.execPath,
        args: expect.arrayContaining(['mcp', '--url', 'http://127.0.0.1:7400']),
      },
    },
  })
  expect(stderr).toContain('mcp.json')
  expect(existsSync(home())).toBe(false)
})

test('a key goes where only the person may read it, and that is said', () => {
  const { stderr } = install('--client', 'cursor', '--url', 'http://127.0.0.1:7400', '--key', 'avk_x', '--yes')
  expect(stderr).toMatch(/key stands in/)
  expect(JSON.parse(readFileSync(fileOf('cursor'), 'utf8')).mcpServers.asyncv.env).toEqual({ ASYNCV_KEY: 'avk_x' })
  expect(statSync(fileOf('cursor')).mode & 0o777).toBe(0o600)
})

test('when an entry with a key goes, no copy keeps the key; when it changes, the copy is said to', () => {
  const withKey = ['--client', 'cursor', '--url', 'http://127.0.0.1:7400', '--key', 'avk_x', '--yes']
  const holding = (): string[] =>
    readdirSync(dirname(fileOf('cursor'))).filter((name) =>
      readFileSync(join(dirname(fileOf('cursor')), name), 'utf8').includes('avk_x'),
    )
  install(...withKey)
  expect(install('--client', 'cursor', '--remove', '--yes')).toMatchObject({ status: 0 })
  expect(holding()).toEqual([])
  install(...withKey)
  const { stderr } = install('--client', 'cursor', '--url', 'http://127.0.0.1:7500', '--yes')
  const [copy = ''] = holding()
  expect(stderr).toContain(`The key stands in ${join(dirname(fileOf('cursor')), copy)}`)
})

test('a file that others may read is closed to them when a key goes into it', () => {
  const file = given('cursor', '{}')
  chmodSync(file, 0o644)
  expect(install('--url', 'http://127.0.0.1:7400', '--key', 'avk_x', '--yes')).toMatchObject({ status: 0 })
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('each host has its place on each system', () => {
  const env = { HOME: '/h', APPDATA: 'C:/A' }
  const at = (platform: NodeJS.Platform) => hostNames.map((name) => hostOf(name, env, platform).file)
  expect(at('darwin')).toEqual([
    '/h/Library/Application Support/Claude/claude_desktop_config.json',
    '/h/.claude.json',
    '/h/.cursor/mcp.json',
    '/h/Library/Application Support/Code/User/mcp.json',
    '/h/.codeium/windsurf/mcp_config.json',
    '/h/.gemini/settings.json',
  ])
  expect(at('linux')[3]).toBe('/h/.config/Code/User/mcp.json')
  expect(at('win32')[0]).toBe('C:/A/Claude/claude_desktop_config.json')
})
