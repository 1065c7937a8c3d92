import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { countTests } from './count-tests.ts'
import type { TestReport } from './test-report.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asyncv-count-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs vitest in the folder with these test files. */
function run(files: Record<string, string>): TestReport {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.test.js`), text)
  const report = join(folder, 'report.json')
  const reporter = pathToFileURL(resolve('scripts/test-report.ts'))
  writeFileSync(
    join(folder, 'vitest.config.js'),
    `import { testReporter } from ${JSON.stringify(reporter)}
    export default { test: { globals: true, reporters: [testReporter(${JSON.stringify(report)})] } }`,
  )
  const vitest = ['--import', 'tsx', resolve('node_modules/vitest/vitest.mjs'), 'run', '--root', folder]
  const { status } = spawnSync(process.execPath, vitest, { stdio: 'ignore' })
  return countTests(status, report)
}

test('whatever fails is counted, and says where and why', { timeout: 60_000 }, () => {
  const good = `test('good', () => {})`
  const failing = (hook: string) => `${hook}(() => { throw new Error('no port\\nno host') })`
  const { passed, failed, skipped, retried, reasons } = run({
    mixed: `${good}; describe('a room', () => test('bad', () => { throw new Error('no chair') })); test.skip('later', () => {})`,
    'not-there': `import './missing.js'; ${good}`,
    'room-before': `describe('a room', () => { ${failing('beforeAll')}; ${good} })`,
    'room-after': `describe('a room', () => { ${failing('afterAll')}; ${good} })`,
    again: `let tries = 0; test('at last', { retry: 1 }, () => expect(tries++).toBe(1))`,
    file: `${failing('beforeAll')}; ${good}`,
    stray: `test('good', async () => {
      setTimeout(() => { throw new Error('late') })
      await new Promise((resolve) => setTimeout(resolve, 50))
    })`,
  })
  expect(reasons.sort()).toEqual([
    'file.test.js: no port',
    'mixed.test.js > a room > bad: no chair',
    expect.stringMatching(/^not-there\.test\.js: .*missing/),
    'outside of all tests: late',
    'room-after.test.js > a room: no port',
    'room-before.test.js > a room: no port',
  ])
  expect(retried).toEqual(['again.test.js > at last'])
  // Good ones: of `mixed`, `again`, `room-after` and `stray`. Those that a set-up kept from running are left out.
  expect({ passed, failed, skipped: skipped.sort() }).toEqual({
    ...{ passed: 4, failed: 6 },
    skipped: ['a room > good', 'good', 'later'],
  })
})

test.each([
  ['a run without a test', { passed: 0, failed: 0, skipped: ['later'], reasons: [] }, 0, 'No test ran.'],
  ['a run that ended badly', { passed: 1, failed: 0, skipped: [], retried: [], reasons: [] }, 1, 'code 1'],
  ['a run without a report', null, 0, 'report.json'],
])('%s has failed', (_, written, exitCode, reason) => {
  const report = join(folder, 'report.json')
  if (written) writeFileSync(report, JSON.stringify(written))
  expect(countTests(exitCode, report)).toMatchObject({ failed: 1, reasons: [expect.stringContaining(reason)] })
})

test('where nothing could be installed, the last line of CI says that one thing failed', () => {
  const ci = join(folder, '.ci')
  mkdirSync(ci)
  spawnSync('cp', ['.ci/run', ci])
  // No lock file: npm refuses to install.
  writeFileSync(join(folder, 'package.json'), '{}')
  const { status, stdout } = spawnSync(join(ci, 'run'), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  expect([status, stdout.trimEnd().split('\n').at(-1)]).toEqual([1, '0 passed, 1 failed'])
})
