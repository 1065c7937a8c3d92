/**
 * Has the service judged by programs that others wrote: the MCP conformance suite in both revisions, MCP Inspector's command
 * line, Vercel's AI SDK, and Redocly and Spectral, which read its OpenAPI document. Needs what `npm install --prefix tools` brings, which holds a Node that is new enough for them.
 * With a name behind it (`conformance`, `inspector`, `ai-sdk`, `openapi`) only that one runs.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const modules = join(import.meta.dirname, 'node_modules')
const node = join(modules, `node-${process.platform}-${process.arch}`, 'bin/node')

/** Scenarios that any server can pass; the others call tools, prompts and resources of a server made for the suite. */
const scenarios: Record<string, readonly string[]> = {
  '2025-11-25': ['server-initialize', 'ping', 'tools-list', 'resources-list', 'dns-rebinding-protection'],
  '2026-07-28': [
    'server-stateless',
    'tools-list',
    'resources-list',
    'sep-2164-resource-not-found',
    'dns-rebinding-protection',
    'http-header-validation',
    'server-sse-multiple-streams',
    'caching',
  ],
}

/** Of `caching`: there are no prompts here. Checks that want a tool made for the suite say so themselves. */
const passedOver = new Set(['sep-2549-prompts-list-caching-hints'])

let passed = 0
let failed = 0
function report(name: string, problem: string | null): void {
  console.log(problem === null ? `ok   ${name}` : `FAIL ${name}: ${problem}`)
  if (problem === null) passed++
  else failed++
}

const judges: Record<string, (url: string, folder: string) => void> = {
  conformance(url, folder) {
    const suite = join(modules, '@modelcontextprotocol/conformance/dist/index.js')
    for (const [revision, names] of Object.entries(scenarios)) {
      for (const scenario of names) {
        const output = mkdtempSync(join(folder, 'results-'))
        const args = ['--url', `${url}/mcp`, '--scenario', scenario, '--spec-version', revision, '-o', output]
        spawnSync(node, [suite, 'server', ...args], { timeout: 60_000 })
        for (const check of checksIn(output)) {
          const notTestable = check.errorMessage?.startsWith('Not testable') === true || passedOver.has(check.id)
          if (check.status === 'FAILURE' && !notTestable) report(`${revision} ${check.id}`, check.errorMessage ?? '')
          else if (check.status === 'SUCCESS') report(`${revision} ${scenario} ${check.id}`, null)
        }
        if (checksIn(output).length === 0) report(`${revision} ${scenario}`, 'it gave no result')
      }
    }
  },
  inspector(url) {
    const inspector = join(modules, '.bin/mcp-inspector')
    const call = (...args: string[]): string =>
      spawnSync(node, [inspector, '--cli', `${url}/mcp`, '--transport', 'http', ...args], {
        encoding: 'utf8',
        timeout: 60_000,
      }).stdout
    const wants = (name: string, output: string, wanted: RegExp): void =>
      report(`inspector ${name}`, wanted.test(output) ? null : `it said ${JSON.stringify(output.slice(0, 300))}`)
    wants('lists', call('--method', 'tools/list'), /ask_assistant/)
    const ask = ['--method', 'tools/call', '--tool-name', 'ask_assistant', '--tool-arg']
    wants('calls', call(...ask, 'text=what is 6 * 7'), /6 \* 7 = 42/)
    const begun = call(...ask, 'text=hi', '--tool-arg', 'background=true')
    const task = /"task": "([^"]+)"/.exec(begun)?.[1] ?? ''
    wants(
      'cancels',
      call('--method', 'tools/call', '--tool-name', 'tasks_cancel', '--tool-arg', `task=${task}`),
      new RegExp(`"task": "${task}"`),
    )
  },
  'ai-sdk'(url) {
    const { status, stdout } = spawnSync(node, [join(import.meta.dirname, 'ai-sdk.mjs'), url], {
      encoding: 'utf8',
      timeout: 60_000,
    })
    process.stdout.write(stdout)
    passed += stdout.match(/^ok /gm)?.length ?? 0
    failed += stdout.match(/^FAIL /gm)?.length ?? (status === 0 ? 0 : 1)
  },
  openapi(url, folder) {
    const document = join(folder, 'openapi.json')
    spawnSync('curl', ['-sf', '-o', document, `${url}/openapi.json`])
    const lint = (name: string, args: string[], fine: RegExp): void => {
      const { stdout, stderr } = spawnSync(node, args, { encoding: 'utf8', timeout: 60_000, cwd: import.meta.dirname })
      const said = stdout + stderr
      report(`openapi ${name}`, fine.test(said) && !/warning/i.test(said) ? null : said.slice(0, 2_000))
    }
    lint(
      'redocly',
      [join(modules, '@redocly/cli/bin/cli.js'), 'lint', '--config', 'redocly.yaml', document],
      /is valid/,
    )
    const spectral = [
      join(modules, '@stoplight/spectral-cli/dist/index.js'),
      'lint',
      '--ruleset',
      'spectral.yaml',
      document,
    ]
    lint('spectral', spectral, /No results with a severity/)
  },
}

interface Check {
  id: string
  status: string
  errorMessage?: string
}

function checksIn(output: string): Check[] {
  return readdirSync(output).flatMap(
    (name) => JSON.parse(readFileSync(join(output, name, 'checks.json'), 'utf8')) as Check[],
  )
}

const asked = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'asyncv-judges-'))
const service = spawn(
  process.execPath,
  [
    '-C',
    '@asyncv/source',
    '--import',
    'tsx',
    join(root, 'cli/src/main.ts'),
    'start',
    '--port',
    '0',
    '--storage',
    `sqlite:${folder}/asyncv.db`,
  ],
  {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] ?? '', ASYNCV_LOG_LEVEL: 'error' },
  },
)
try {
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    service.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const found = /running at (http:\S+)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    service.once('exit', (code) => reject(new Error(`The service ended with ${code}.`)))
  })
  for (const [name, judge] of Object.entries(judges)) if (asked.length === 0 || asked.includes(name)) judge(url, folder)
} finally {
  service.kill('SIGTERM')
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
