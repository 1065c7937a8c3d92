/**
 * `npm run check`: format and lint, types, build, publint, and the packed packages in a clean folder. With `--tests` it
 * runs the tests first, with `--after-tests N` it counts
 * those that have just run and ended with exit code N. Ends with a line that counts everything.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'

const report = 'node_modules/.vitest-report.json'
const [mode, exitCode] = process.argv.slice(2)
let testsEnded = Number(exitCode)
if (mode === '--tests') {
  rmSync(report, { force: true })
  testsEnded = spawnSync('npx', ['vitest', 'run'], { stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1
}

const steps: [name: string, command: string, ...args: string[]][] = [
  ['format and lint', 'npx', 'biome', 'check', '.'],
  ['types', 'npx', 'tsc', '-p', 'tsconfig.json'],
  ['build', 'npm', 'run', 'build'],
  ['packages', 'node', '--import', 'tsx', 'scripts/try-packages.ts'],
]

let passed = 0
let failed = 0
for (const [name, command, ...args] of steps) {
  const begun = Date.now()
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const seconds = ((Date.now() - begun) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
  if (status === 0) passed++
  else failed++
}

if (mode !== undefined) {
  const tests = countTests()
  passed += tests.passed
  failed += tests.failed
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** A file that could not be loaded, or an error outside of the tests, shows in the exit code alone. */
function countTests(): { passed: number; failed: number } {
  if (!existsSync(report)) {
    console.log('FAIL tests: they have left no report')
    return { passed: 0, failed: 1 }
  }
  const tests = JSON.parse(readFileSync(report, 'utf8')) as { numPassedTests: number; numFailedTests: number }
  if (testsEnded !== 0 && tests.numFailedTests === 0) console.log('FAIL tests: not all of them could run')
  return { passed: tests.numPassedTests, failed: Math.max(testsEnded === 0 ? 0 : 1, tests.numFailedTests) }
}
