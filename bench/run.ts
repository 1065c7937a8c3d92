/**
 * `npm run bench`: asyncv beside bare code, in interleaved rounds over the same fakes, on the same machine. Only the
 * ratios mean something: absolute times are the machine's. There are two kinds of bare code: the leanest there is, which
 * uses our own HTTP client and is what the limits are held against, and what most people write, which uses `fetch`. A third
 * kind keeps what asyncv keeps, by statements written by hand: a mark to compare with, which nobody has tuned.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { bundle } from '../test/bundle.ts'
import type { Round } from './measure.ts'

const rounds = Number(process.env['ROUNDS'] ?? 5)
const seconds = Number(process.env['SECONDS'] ?? 3)

type Name = 'bare' | 'fetching' | 'byHand' | 'shipped'
type Measured = Round & { commits: number }

/** What one asyncv costs at most beside the leanest bare code, by sessions; of messages it is the least. */
const limits: Record<number, { messages?: number; p50?: number; cpu?: number }> = {
  1: { p50: 3 },
  64: { messages: 0.3, cpu: 3.5 },
}

const programs = { fakes: join(import.meta.dirname, 'fakes.ts'), contender: join(import.meta.dirname, 'contender.ts') }
const built = await bundle(programs, '.bench')
const fakes = fork(built('fakes'), { execArgv: [] })
const [{ modelUrl, telegramUrl, token }] = (await once(fakes, 'message')) as [
  Record<'modelUrl' | 'telegramUrl' | 'token', string>,
]

async function begin(name: Name): Promise<{ child: ChildProcess; coldMs: number }> {
  const begun = performance.now()
  const child = fork(built('contender'), [name, modelUrl, telegramUrl, token], { execArgv: [] })
  await once(child, 'message')
  return { child, coldMs: performance.now() - begun }
}

async function round(child: ChildProcess, sessions: number, forSeconds: number): Promise<Measured> {
  child.send({ sessions, seconds: forSeconds })
  const [result] = (await once(child, 'message')) as [Measured]
  return result
}

const contenders = {
  bare: await begin('bare'),
  fetching: await begin('fetching'),
  byHand: await begin('byHand'),
  shipped: await begin('shipped'),
}
const names = Object.keys(contenders) as Name[]
const cold = names.map((name) => `${contenders[name].coldMs.toFixed(0)} ms ${name}`)
console.log(`from the start of the process to the first reply: ${cold.join(', ')}`)
for (const sessions of [1, 64]) {
  // The compiler warms up on all of them before anything counts.
  for (const name of names) await round(contenders[name].child, sessions, 1.5)
  const measured: Record<Name, Measured[]> = { bare: [], fetching: [], byHand: [], shipped: [] }
  for (let n = 0; n < rounds; n++) {
    for (const name of names) measured[name].push(await round(contenders[name].child, sessions, seconds))
  }
  report(sessions, measured)
}
for (const name of names) contenders[name].child.send('end')
fakes.send('end')

function report(sessions: number, measured: Record<Name, Measured[]>): void {
  const { messages, p50, cpu } = limits[sessions] ?? {}
  console.log(`\n${sessions} session${sessions === 1 ? '' : 's'}, medians of ${rounds} rounds of ${seconds} s`)
  print(['', 'bare', 'fetch', 'by hand', 'asyncv', 'to bare', 'to fetch', 'hand:bare', 'wanted'])
  row('messages/s', ({ messages, seconds: took }) => messages / took, 0, messages && `>= ${messages}`)
  row('p50 ms', ({ p50 }) => p50, 2, p50 && `<= ${p50}`)
  row('p99 ms', ({ p99 }) => p99, 2)
  row('CPU ms/message', ({ cpuMs }) => cpuMs, 3, cpu && `<= ${cpu}`)
  row('RSS MB', ({ rssMb }) => rssMb, 0)
  const commits = (name: Name): string => median(measured[name].map((round) => round.commits)).toFixed(3)
  print(['commits/message', '', '', commits('byHand'), commits('shipped')])

  function row(name: string, pick: (round: Round) => number, digits: number, wanted: string | 0 = ''): void {
    const values = names.map((contender) => median(measured[contender].map(pick)))
    const [bare = 0, fetching = 0, byHand = 0, shipped = 0] = values
    const ratios = [shipped / bare, shipped / fetching, byHand / bare].map((ratio) => ratio.toFixed(2))
    print([name, ...values.map((value) => value.toFixed(digits)), ...ratios, wanted || ''])
  }
}

function print([name = '', ...columns]: string[]): void {
  console.log(`${name.padEnd(16)}${columns.map((column) => column.padStart(10)).join('')}`.trimEnd())
}

function median(values: number[]): number {
  const sorted = [...values].sort((x, y) => x - y)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
