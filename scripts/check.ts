/**
 * What `npm run check` does besides the tests: format and lint, types, build, publint, and the packed packages in a clean
 * folder. Ends with a line that counts the steps and, where `npm test` has just left its report, the tests.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

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

const report = 'node_modules/.vitest-report.json'
if (existsSync(report)) {
  const tests = JSON.parse(readFileSync(report, 'utf8')) as { numPassedTests: number; numFailedTests: number }
  passed += tests.numPassedTests
  failed += tests.numFailedTests
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
