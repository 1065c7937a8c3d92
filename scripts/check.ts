/**
 * What `npm run check` does besides the tests: format and lint, types, build, publint, and the packed packages in a clean
 * folder. Ends with a line that counts the steps and, with `--tests-exited <code of npm test>`, the tests that have just
 * run.
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { countTests } from './count-tests.ts'

const { values } = parseArgs({ options: { 'tests-exited': { type: 'string' } } })

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

if (values['tests-exited'] !== undefined) {
  const tests = countTests(Number(values['tests-exited']), 'node_modules/.vitest-report.json')
  for (const reason of tests.reasons) console.log(`FAIL ${reason}`)
  passed += tests.passed
  failed += tests.failed
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
