import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandPlace, type Place } from './command.fixture.ts'

let place: Place
beforeAll(() => {
  place = commandPlace()
})
afterAll(() => place.remove())

test('--version and -v say the version', () => {
  expect(place.runAlone(['--version'])).toEqual({ status: 0, stdout: 'asyncv 0.1.0\n', stderr: '' })
  expect(place.runAlone(['-v']).stdout).toBe('asyncv 0.1.0\n')
})

test('--help lists the commands, and each command its options', () => {
  const { status, stdout, stderr } = place.runAlone(['--help'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  for (const name of ['start', 'chat', 'status', 'debug']) expect(stdout).toContain(`  ${name} `)
  expect(place.runAlone(['start', '--help'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('--log-level'),
  })
})

test('without a command it helps', () => {
  expect(place.runAlone([])).toMatchObject({ status: 2, stdout: expect.stringContaining('Commands') })
})

test.each<[string[], string, string]>([
  [['stauts'], 'There is no command "stauts".', 'Did you mean "status"?'],
  [['--hepl'], '"asyncv" has no option "--hepl".', 'Did you mean "--help"?'],
  [['start', '--prot', '1'], '"asyncv start" has no option "--prot".', 'Did you mean "--port"?'],
  [['status', '--config=x'], '"asyncv status" has no option "--config".', '-u, --url, -k, --key'],
  [['start', 'now'], '"asyncv start" takes no "now".', 'See "asyncv start --help".'],
  [['start', '--port'], '--port needs a value.', 'See "asyncv start --help".'],
  [['start', '--port', '1', '--port', '2'], '--port is given twice.', 'Give it once.'],
  [['start', '--port', '7e9'], 'The port is "7e9".', 'Give a number from 0 to 65535.'],
  [['start', '--log-level', 'loud'], 'The log level is "loud".', 'Give one of debug, info, warn, error.'],
  [['start', '--watch', '--log-level', 'loud'], 'The log level is "loud".', 'Give one of debug, info, warn, error.'],
  [['start', '--storage', 'postgres://me:sesame@db'], 'The storage "postgres:…" is not usable.', 'Write "sqlite:"'],
  [['start', '--host', '0.0.0.0'], 'server.host is "0.0.0.0"', 'Use 127.0.0.1'],
  [['start', '--config', 'none.json'], 'none.json.', 'Check --config or ASYNCV_CONFIG.'],
  [['status', '--url', 'localhost'], '"localhost" is no URL of a service.', 'http://127.0.0.1:7400'],
  [['tasks'], '"asyncv tasks" is not complete.', 'Known: list, show, cancel, retry.'],
  [['tasks', 'shwo'], 'There is no command "tasks shwo".', 'Did you mean "show"?'],
  [['tasks', 'show'], '"asyncv tasks show" needs an id.', 'See "asyncv tasks show --help".'],
  [['tasks', 'list', '--state', 'faild'], '--state is "faild".', 'Did you mean "failed"?'],
  [['tasks', 'list', '--limit', '501'], '--limit is "501".', 'from 1 to 500'],
  [['send', 'helper', 'two', 'words'], '"asyncv send" takes no "words".', 'between quotes'],
  [['completion', 'zhs'], 'There is no completion for "zhs".', 'Did you mean "zsh"?'],
  [['agents', '--lang', 'fr'], '--lang is "fr".', 'Give en or zh.'],
  [['agents', '--lang'], '--lang is "".', 'Give en or zh.'],
  [['debug'], '"asyncv debug" needs to know what to show.', 'Known: crashpoints, routes, config.'],
  [['debug', 'crashes'], 'There is nothing called "crashes" to look at.', 'Known: crashpoints, routes, config.'],
])('%j is refused with the way out', (args, message, hint) => {
  const { status, stdout, stderr } = place.run(args)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/^asyncv: /m)
  expect(stderr).toContain(message)
  expect(stderr).toContain(hint)
  expect(stderr).not.toContain('sesame')
})

test('crash points are listed, each with what happens there', () => {
  const lines = place.runAlone(['debug', 'crashpoints']).stdout.trim().split('\n')
  expect(lines.length).toBeGreaterThanOrEqual(25)
  expect(lines).toContainEqual(expect.stringMatching(/^storage\.accept:after +after a message is written/))
  const points = JSON.parse(place.runAlone(['debug', 'crashpoints', '--json']).stdout) as {
    name: string
    meaning: string
  }[]
  expect(points).toHaveLength(lines.length)
  expect(points.filter(({ meaning }) => !meaning.includes(' '))).toEqual([])
})

test('speaks the language of --lang, else of ASYNCV_LANG, else of the locale', () => {
  const said = (env: Record<string, string>, ...more: string[]): string =>
    place.run(['agents', ...more], { env }).stderr
  const chinese = '没有找到 asyncv 服务。'
  expect(said({ LANG: 'zh_CN.UTF-8' })).toContain(chinese)
  expect(said({ LC_ALL: 'en_US.UTF-8', LANG: 'zh_CN.UTF-8' })).toContain('No asyncv service was found.')
  expect(said({ LANG: 'en_US.UTF-8', ASYNCV_LANG: 'zh' })).toContain(chinese)
  expect(said({ ASYNCV_LANG: 'zh' }, '--lang', 'en')).toContain('No asyncv service was found.')
  expect(place.run(['agents'], { env: { ASYNCV_LANG: 'fr' } })).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('ASYNCV_LANG is "fr".'),
  })
})

test('a group of commands has a help of its own', () => {
  expect(place.runAlone(['tasks', '--help'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('asyncv tasks show <id>'),
  })
})
