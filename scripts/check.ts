/**
 * What `npm run check` does besides the tests: format and lint, types, build, publint, and the packed packages in a clean
 * folder. Ends with a line that counts the steps and, with `--tests-exited <code of npm test>`, the tests that have just
 * run.
 */
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { countTests } from './count-tests.ts'

const { values } = parseArgs({ options: { 'tests-exited': { type: 'string' } } })

type Step = [name: string, command: string, ...args: string[]]

// The two lines go on side by side: the second one waits for npm much of the time, and neither reads what the other writes.
const lines: Step[][] = [
  [
    ['format and lint', 'npx', 'biome', 'check', '.'],
    ['types', 'npx', 'tsc', '-p', 'tsconfig.json'],
    ['types of the web app', 'npx', 'tsc', '-p', 'studio/tsconfig.json'],
  ],
  [
    // Behind the tests, which have built the JavaScript, it is declarations that are left.
    ['build', 'npm', 'run', '--silent', 'build', '--', '--older'],
    ['packages', 'node', '--import', 'tsx', 'scripts/try-packages.ts'],
  ],
]

let passed = 0
let failed = 0
await Promise.all(
  lines.map(async (steps) => {
    for (const step of steps) {
      if (await carryOut(step)) passed++
      else failed++
    }
  }),
)

/** What it has to say is shown when it has ended, in one piece. */
async function carryOut([name, command, ...args]: Step): Promise<boolean> {
  const begun = Date.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void said.push(chunk))
  const status = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject))
  const seconds = ((Date.now() - begun) / 1000).toFixed(1)
  process.stdout.write(Buffer.concat(said))
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
  return status === 0
}

if (values['tests-exited'] !== undefined) {
  const tests = countTests(Number(values['tests-exited']), 'node_modules/.vitest-report.json')
  // Whole rooms are left out for one reason, which their names say.
  const rooms = new Set(tests.skipped.map((name) => name.split(' > ')[0]))
  if (rooms.size > 0) console.log(`${tests.skipped.length} LEFT OUT: ${[...rooms].join('; ')}`)
  for (const name of tests.retried) console.log(`SECOND TRY ${name}`)
  for (const reason of tests.reasons) console.log(`FAIL ${reason}`)
  passed += tests.passed
  failed += tests.failed
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
