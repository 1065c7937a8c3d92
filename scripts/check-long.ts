/**
 * `npm run check:long`: what takes too long for `npm run check`. With names behind it (`npm run check:long -- drivers`)
 * only these parts run. Ends with a line that counts the tests, and the bench as one.
 *
 * - `crash`: a real service killed at every point of every scenario, and at 300 random moments; the SQLite driver at 30
 * - `drivers`: the storage contract and the SQLite driver's tests with node:sqlite, on each Node that has it
 * - `fuzz`: 200,000 requests of any kind to every route; 20,000 texts split and 20,000 rendered
 * - `mcp`: 10,000 calls of hosts of both revisions at once
 * - `studio`: how fast Studio's pages are with 10,000 tasks
 * - `judges`: the MCP conformance suite, Inspector and the AI SDK, against a running service
 * - `bench`: asyncv beside bare code; its numbers are to be read, only its death is a failure
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { countTests } from './count-tests.ts'
import type { TestReport } from './test-report.ts'

/** The majors that have node:sqlite without a flag and are maintained. */
const nodes = [22, 24, 26]

const parts: Record<string, () => void> = {
  crash: () =>
    report('crash suite, full', () =>
      runTests(process.execPath, ['test/crash', 'cli/src/commands/deploy.test.ts', 'src/sqlite/kill.test.ts'], {
        ASYNCV_CRASH: 'full',
      }),
    ),
  drivers() {
    for (const major of nodes) report(`node:sqlite on Node ${major}`, () => runDrivers(major))
  },
  fuzz: () =>
    report('fuzz', () =>
      runTests(
        process.execPath,
        ['server/src/fuzz.test.ts', 'src/outbox/split.test.ts', 'connectors/telegram/src/render.test.ts'],
        { FUZZ_REQUESTS: '200000', FUZZ_ROUNDS: '20000' },
      ),
    ),
  mcp: () => report('mcp', () => runTests(process.execPath, ['server/src/mcp'], { MCP_CALLS: '10000' })),
  studio: () =>
    report('studio', () => runTests(process.execPath, ['studio/test/speed.test.ts'], { STUDIO_SPEED: 'full' })),
  judges: () => report('judges', runJudges),
  bench: () => report('bench', runBench),
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(parts, name))
if (unknown.length > 0) {
  console.error(`Unknown part "${unknown.join(' ')}". Known parts: ${Object.keys(parts).join(', ')}.`)
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'asyncv-check-long-'))
const lines: string[] = []
let passed = 0
let failed = 0
try {
  for (const [name, run] of Object.entries(parts)) if (asked.length === 0 || asked.includes(name)) run()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(['', ...lines, `${passed} passed, ${failed} failed`].join('\n'))
process.exitCode = failed === 0 ? 0 : 1

function report(name: string, run: () => TestReport): void {
  console.log(`\n== ${name}`)
  const begun = Date.now()
  const counted = run()
  const seconds = ((Date.now() - begun) / 1000).toFixed(1)
  const left = counted.skipped.length === 0 ? '' : `, ${counted.skipped.length} left out`
  const verdict = counted.failed === 0 ? 'ok  ' : 'FAIL'
  lines.push(`${verdict} ${name}: ${counted.passed} passed, ${counted.failed} failed${left} (${seconds} s)`)
  lines.push(...counted.reasons.map((reason) => `     ${reason}`))
  passed += counted.passed
  failed += counted.failed
}

function runTests(node: string, paths: string[], env: Record<string, string>): TestReport {
  const file = 'node_modules/.vitest-report.json'
  rmSync(file, { force: true })
  const { status } = spawnSync(node, ['node_modules/vitest/vitest.mjs', 'run', ...paths], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  })
  const counted = countTests(status, file)
  // Without it these tests leave themselves out, and would show nothing.
  if (counted.skipped.some((name) => name.includes('node:sqlite LEFT OUT'))) {
    return { ...counted, failed: counted.failed + 1, reasons: [...counted.reasons, 'node:sqlite could not be loaded.'] }
  }
  return counted
}

function runDrivers(major: number): TestReport {
  const node = installNode(major)
  if (node === null) return failure(`Node ${major} could not be installed from the registry: NOTHING WAS TESTED ON IT.`)
  const without = pathToFileURL(join(import.meta.dirname, 'without-better-sqlite3.mjs'))
  // What the tests start, such as a build, is to be run by the same Node: an earlier one does not know what is imported here.
  const path = [dirname(node), process.env['PATH']].join(delimiter)
  const env = { NODE_OPTIONS: `--import=${without}`, PATH: path }
  return runTests(node, ['src/sqlite', 'src/kysely', 'migrations'], env)
}

/** Node's newest release of a major, as npm has it: each platform's binary is a package of its own. */
function installNode(major: number): string | null {
  const name = `node-${process.platform}-${process.arch}`
  const prefix = join(folder, `node-${major}`)
  const options = ['--prefix', prefix, '--no-save', '--no-audit', '--no-fund']
  spawnSync('npm', ['install', ...options, `${name}@${major}`], { stdio: ['ignore', 'inherit', 'inherit'] })
  const node = join(prefix, 'node_modules', name, 'bin/node')
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  if (status !== 0) return null
  console.log(`Node ${stdout.trim()}`)
  return node
}

function runJudges(): TestReport {
  const options = { stdio: ['ignore', 'inherit', 'inherit'] as ('ignore' | 'inherit')[] }
  if (spawnSync('npm', ['install', '--prefix', 'tools', '--no-audit', '--no-fund'], options).status !== 0) {
    return failure('The judges could not be installed: NOBODY JUDGED THE PROTOCOLS.')
  }
  const { status, stdout } = spawnSync('npm', ['run', 'judges'], { encoding: 'utf8' })
  process.stdout.write(stdout)
  const [, passed = 0, failed = 1] = /^(\d+) passed, (\d+) failed$/m.exec(stdout)?.map(Number) ?? []
  const reasons = status === 0 ? [] : stdout.split('\n').filter((line) => line.startsWith('FAIL'))
  return { passed, failed, skipped: [], retried: [], reasons }
}

function runBench(): TestReport {
  const { status } = spawnSync('npm', ['run', 'bench'], { stdio: ['ignore', 'inherit', 'inherit'] })
  return status === 0
    ? { passed: 1, failed: 0, skipped: [], retried: [], reasons: [] }
    : failure(`The bench ended with ${status}.`)
}

function failure(reason: string): TestReport {
  return { passed: 0, failed: 1, skipped: [], retried: [], reasons: [reason] }
}
