import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Counted, countTests } from './count-tests.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asyncv-count-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const good = `test('good', () => {})`

/** Runs vitest in a folder with these test files. */
function count(...files: string[]): Counted {
  for (const [index, text] of files.entries()) writeFileSync(join(folder, `${index}.test.js`), text)
  const report = join(folder, 'report.json')
  const vitest = resolve('node_modules/vitest/vitest.mjs')
  const options = ['--globals', '--reporter=json', `--outputFile=${report}`]
  const { status } = spawnSync(process.execPath, [vitest, 'run', '--root', folder, ...options], { stdio: 'ignore' })
  return countTests(status, report)
}

test('passed, failed and skipped tests are counted', () => {
  const counted = count(`${good}; test('bad', () => expect(1).toBe(2)); test.skip('later', () => {})`)
  expect(counted).toEqual({ passed: 1, failed: 1, skipped: 1, reasons: [] })
})

test('a file that cannot be imported is a failure', () => {
  const counted = count(good, `import './missing.js'; ${good}`)
  expect(counted).toMatchObject({
    passed: 1,
    failed: 1,
    reasons: [expect.stringMatching(/1\.test\.js could not run: /)],
  })
})

test('a file whose set-up fails is a failure', () => {
  const counted = count(good, `beforeAll(() => { throw new Error('no port') }); ${good}`)
  expect(counted).toMatchObject({ passed: 1, failed: 1, reasons: [expect.stringContaining('1.test.js')] })
})

test('an error that no test caught is a failure', () => {
  const counted = count(`test('good', async () => {
    setTimeout(() => { throw new Error('late') })
    await new Promise((resolve) => setTimeout(resolve, 50))
  })`)
  expect(counted).toMatchObject({ passed: 1, failed: 1, reasons: [expect.stringContaining('code 1')] })
})

test('a run without a test, or without a report, is a failure', () => {
  expect(count()).toMatchObject({ passed: 0, failed: 1 })
  expect(count(`test.skip('later', () => {})`)).toMatchObject({ passed: 0, failed: 1, reasons: ['No test ran.'] })
  const missing = join(folder, 'none.json')
  expect(countTests(0, missing)).toMatchObject({ passed: 0, failed: 1, reasons: [expect.stringContaining(missing)] })
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
