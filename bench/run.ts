/**
 * `npm run bench`: asyncv beside bare code, in interleaved rounds over the same fakes, on the same machine. Only the
 * ratios mean something: absolute times are the machine's.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Round } from './measure.ts'

const rounds = Number(process.env['ROUNDS'] ?? 5)
const seconds = Number(process.env['SECONDS'] ?? 3)
const execArgv = ['-C', '@asyncv/source', '--import', 'tsx']

type Measured = Round & { commits: number }

const fakes = fork(join(import.meta.dirname, 'fakes.ts'), { execArgv })
const [{ modelUrl, telegramUrl, token }] = (await once(fakes, 'message')) as [
  Record<'modelUrl' | 'telegramUrl' | 'token', string>,
]

async function contender(name: string): Promise<ChildProcess & { coldMs: number }> {
  const begun = performance.now()
  const child = fork(join(import.meta.dirname, 'contender.ts'), [name, modelUrl, telegramUrl, token], { execArgv })
  await once(child, 'message')
  return Object.assign(child, { coldMs: performance.now() - begun })
}

async function round(child: ChildProcess, sessions: number, forSeconds: number): Promise<Measured> {
  child.send({ sessions, seconds: forSeconds })
  const [result] = (await once(child, 'message')) as [Measured]
  return result
}

const a = await contender('bare')
const b = await contender('shipped')
console.log(`ready after ${a.coldMs.toFixed(0)} ms bare, ${b.coldMs.toFixed(0)} ms asyncv (from source)`)
for (const sessions of [1, 64]) {
  // The compiler warms up on both before anything counts.
  for (const child of [a, b]) await round(child, sessions, 1.5)
  const measured: { a: Measured; b: Measured }[] = []
  for (let n = 0; n < rounds; n++) {
    measured.push({ a: await round(a, sessions, seconds), b: await round(b, sessions, seconds) })
  }
  report(sessions, measured)
}
for (const child of [a, b, fakes]) child.send('end')

function report(sessions: number, measured: { a: Measured; b: Measured }[]): void {
  const of = (pick: (round: Measured) => number) => ({
    a: median(measured.map(({ a }) => pick(a))),
    b: median(measured.map(({ b }) => pick(b))),
  })
  const rows: [string, { a: number; b: number }, digits: number][] = [
    ['messages/s', of(({ messages, seconds: took }) => messages / took), 0],
    ['p50 ms', of(({ p50 }) => p50), 2],
    ['p99 ms', of(({ p99 }) => p99), 2],
    ['CPU ms/message', of(({ cpuMs }) => cpuMs), 3],
    ['RSS MB', of(({ rssMb }) => rssMb), 0],
  ]
  console.log(`\n${sessions} session${sessions === 1 ? '' : 's'}, medians of ${measured.length} rounds of ${seconds} s`)
  console.log(`${''.padEnd(16)}${'bare'.padStart(10)}${'asyncv'.padStart(10)}${'ratio'.padStart(8)}`)
  for (const [name, { a, b }, digits] of rows) {
    console.log(
      `${name.padEnd(16)}${a.toFixed(digits).padStart(10)}${b.toFixed(digits).padStart(10)}${(b / a).toFixed(2).padStart(8)}`,
    )
  }
  const commits = median(measured.map(({ b }) => b.commits))
  console.log(`${'commits/message'.padEnd(16)}${''.padStart(10)}${commits.toFixed(3).padStart(10)}`)
}

function median(values: number[]): number {
  const sorted = [...values].sort((x, y) => x - y)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
