import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { expect, test } from 'vitest'
import { reference } from '../reference.ts'
import { nameOf } from '../tree/command.ts'
import { commandTree } from '../tree/tree.ts'
import { chinese } from './chinese.ts'
import { english } from './english.ts'

const folder = join(import.meta.dirname, '..')

/** Files whose texts are not for whoever uses the command in their language, each with the reason. */
const exempt: Readonly<Record<string, string>> = {
  'completion.ts': 'shell code',
  'process/signals.ts': 'log lines',
  'process/reload.ts': 'log lines',
  'process/start-within.ts': 'log lines',
  'process/watch.ts': 'log lines',
  'init/config-text.ts': 'the configuration that is written',
  'host-service/description.ts': 'the mark in files for the host',
  'host-service/launchd.ts': 'a file for the host',
  'host-service/systemd.ts': 'a file for the host',
  'process/supervisor.ts': 'log lines, and what systemd reads',
  'debug/crash-points.ts': 'for who writes crash tests',
  'process/hook.ts': 'for who writes crash tests',
  'settings/plugins.ts': 'for who writes plugins: beside what the core says of them, in English',
  'mcp-hosts/hosts.ts': 'names of programs and of what their files hold',
  'calling/remote-caller.ts': 'for MCP hosts, which show what the service says',
}
/** Names, keys of `status --json`, and in English, as what the core says of the same things. */
const said = [
  ...commandTree(english).flatMap((command) => [command.usage, nameOf(command)]),
  ...Object.keys(english.status.numbers),
  'The service of OPENAI_BASE_URL: ',
  'Mend the variable, name the model with OPENAI_MODEL, or unset both to go without.',
  ' lists no model to talk to.',
  'LM Studio',
  'Name one with OPENAI_MODEL.',
  'no answer of ours',
  'no choice ',
  'Answer with one short sentence.',
  'Say hello.',
  ' makes it no valid JSON',
  'You are a helpful assistant. Answer briefly, in the language of the person.',
]

const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => /^(?!words\/).*(?<!\.test|\.fixture)\.ts$/.test(file))
  .filter((file) => exempt[file] === undefined)

/** Every text in a file, without comments, and with templates taken apart. */
function textsIn(file: string): string[] {
  const { code } = transformSync(readFileSync(join(folder, file), 'utf8'), {
    loader: 'ts',
    supported: { 'template-literal': false },
    charset: 'utf8',
  })
  return Array.from(
    code.matchAll(/"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/g),
    ([, double, single]) => double ?? single ?? '',
  )
}

/** Two words beside each other, a sentence's end, a word in capitals as headings are, or a Chinese sign. */
const spoken = /[A-Za-z]{2,}[,;:.]? [A-Za-z]|^[A-Z][a-z]+ ?[.:?!]|^[A-Z]{3,}(?: [A-Z]+)*$|\p{Script=Han}/u
/** What has that shape and is read by programs. */
const forPrograms =
  /^(GET|POST|DELETE|SIGINT|SIGTERM|SIGHUP|SIGKILL|EPIPE|EEXIST|ENOSPC|EDQUOT|EFBIG|ENOTSUP|EOPNOTSUPP|ENOSYS|EMLINK|(?:SYS:)?(?:mm-dd )?HH:MM:ss|URL|KEY|VALUE|LANG|CURSOR|FILE|FOLDER|ADDRESS|PORT|STORAGE|LEVEL|AGENT|SESSION|SCOPES|SPACE|AGENTS|TIME|ACTION|ACTOR|HEAD|ORIGINS|PUT|NAME|TEXT|SECONDS|HOME|PATH|MODEL|IDS|ESRCH|EPERM|EACCES|EROFS|ENOENT|NOTIFY_SOCKET|WATCHDOG_USEC|WATCHDOG_PID|EADDRINUSE)$|^(READY|STATUS|RELOADING|STOPPING|WATCHDOG|MONOTONIC_USEC)=|^ASYNCV_|^Bearer $|^(Try|asyncv) |curl |npm run asyncv|^npx |^\w+\.\w+\(|^ *-H |"authorization: /

test('nothing is said to people outside the catalogue', () => {
  expect(sources.length).toBeGreaterThan(40)
  const loose = sources.flatMap((file) =>
    textsIn(file)
      .filter((text) => spoken.test(text) && !forPrograms.test(text) && !said.includes(text))
      .map((text) => `${file}: ${text}`),
  )
  expect(loose).toEqual([])
})

test('every exempt file is there', () => {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  expect(Object.keys(exempt).filter((file) => !all.includes(file))).toEqual([])
})

/** By its path, each text of a catalogue; functions are called with what looks like nothing a translator would write. */
function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') {
    const list = Object.assign(['A1', 'A2'], { toString: () => 'A1' })
    // A function takes words or lists; which one it is shows in whether it can be called.
    const tries = [
      ['A1', 'A2', 'A3'],
      [list, 'A2', 'A3'],
      ['A1', list, 'A3'],
      ['A1', 'A2', Object.assign(['A3'], { toString: () => 'A3' })],
    ]
    for (const args of tries) {
      try {
        return [[path, String((value as (...args: unknown[]) => string)(...args))]]
      } catch {}
    }
    throw new Error(`${path} cannot be called`)
  }
  return Object.entries(value as object).flatMap(([key, below]) => textsOf(below, `${path}.${key}`))
}

test('every text of the Chinese catalogue is Chinese, and tells all that the English one tells', () => {
  const inChinese = new Map(textsOf(chinese))
  const same = new Set([
    '.headings.id',
    '.places.id',
    '.headings.tokens',
    '.confirm.choice',
    '.confirm.yes.0',
    '.confirm.yes.1',
    '.trace.tokens',
    '.trust.addLine',
    '.status.studio',
  ])
  const wrong = textsOf(english).flatMap(([path, text]) => {
    const other = inChinese.get(path) ?? ''
    const told = (of: string): string[] => [...new Set(of.match(/A[123]|--[a-z]+|ASYNCV_\w+/g) ?? [])].sort()
    // What is made of what it is told and of signs alone needs no word.
    const wordless = !/[a-z]/i.test(other.replace(/A[123]/g, ''))
    const isChinese = wordless || same.has(path) || /\p{Script=Han}/u.test(other)
    return isChinese && told(text).every((what) => told(other).includes(what)) ? [] : [`${path}: ${other}`]
  })
  expect(wrong).toEqual([])
})

test('Chinese texts are set as Chinese is: no English punctuation after a Chinese sign, no space around its own', () => {
  const wrong = textsOf(chinese).filter(([, text]) =>
    /\p{Script=Han}[,;:?!]|[，。：；？！（）“”] | [，。：；？！（）]/u.test(text),
  )
  expect(wrong).toEqual([])
})

test('one idea has one word in Chinese, one person is spoken to in one way, and commands stand in Chinese quotes', () => {
  const wrong = textsOf(chinese).filter(([, text]) => /机密库|封存|名单|文件夹|您|"asyncv /u.test(text))
  expect(wrong).toEqual([])
})

test('every command and option is described in both languages', () => {
  for (const words of [english, chinese]) {
    for (const { usage, description, options } of commandTree(words)) {
      expect([usage, description, ...options.map((option) => option.description)]).not.toContain('')
    }
  }
  expect(commandTree(chinese).map(({ usage }) => usage)).toEqual(commandTree(english).map(({ usage }) => usage))
})

test('docs/cli.md is what the command says of itself', () => {
  const written = readFileSync(join(folder, '../../docs/cli.md'), 'utf8')
  expect(written, 'Run "npm run docs:cli".').toBe(reference())
})
