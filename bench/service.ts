/**
 * `npm run bench:service`: what the service costs, in interleaved rounds beside the least that could stand in its place. Only
 * the ratios mean something: absolute times are the machine's.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Pool } from 'undici'
import { bundle } from '../test/bundle.ts'

const rounds = Number(process.env['ROUNDS'] ?? 5)
const seconds = Number(process.env['SECONDS'] ?? 3)
const width = 32

const built = await bundle({ contender: join(import.meta.dirname, 'service-contender.ts') }, '.bench')

interface Begun {
  child: ChildProcess
  pool: Pool
  headers: Record<string, string>
  task: string
}

async function begin(name: string): Promise<Begun> {
  const child = fork(built('contender'), [name], { execArgv: ['--expose-gc'] })
  const [{ url, key, task = 'x' }] = (await once(child, 'message')) as [{ url: string; key?: string; task?: string }]
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (key !== undefined) headers['authorization'] = `Bearer ${key}`
  return { child, pool: new Pool(url, { connections: 2_000 }), headers, task }
}

type Ask = (begun: Begun, n: number) => Promise<void>

const message =
  (accept: string): Ask =>
  async ({ pool, headers }) => {
    const body = '{"text":"hello, and how are you today?"}'
    const asked = { method: 'POST', path: '/v1/agents/helper/messages', headers: { ...headers, accept }, body } as const
    const response = await pool.request(asked)
    const text = await response.body.text()
    if (response.statusCode !== 200 || text === '') throw new Error(`${response.statusCode} ${text}`)
  }

const read: Ask = async ({ pool, headers, task }) => {
  const response = await pool.request({ method: 'GET', path: `/v1/tasks/${task}`, headers })
  if (response.statusCode !== 200) throw new Error(String(response.statusCode))
  await response.body.text()
}

/** Requests a second, by so many clients that each wait for their answer. */
async function rate(begun: Begun, ask: Ask, forSeconds: number): Promise<number> {
  const until = performance.now() + forSeconds * 1000
  let count = 0
  await Promise.all(
    Array.from({ length: width }, async (_, n) => {
      while (performance.now() < until) {
        await ask(begun, n)
        count++
      }
    }),
  )
  return count / forSeconds
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

async function beside(what: string, other: Begun, ours: Begun, ask: Ask, wanted: number): Promise<void> {
  for (const begun of [other, ours]) await rate(begun, ask, 1.5)
  const rates: [number[], number[]] = [[], []]
  for (let n = 0; n < rounds; n++) {
    rates[0].push(await rate(other, ask, seconds))
    rates[1].push(await rate(ours, ask, seconds))
  }
  const [bare, shipped] = rates.map(median) as [number, number]
  const ratio = shipped / bare
  const verdict = ratio >= wanted ? 'kept  ' : 'MISSED'
  console.log(
    `${verdict} ${what}: ${shipped.toFixed(0)}/s beside ${bare.toFixed(0)}/s = ${ratio.toFixed(2)} (wanted ${wanted})`,
  )
}

const bare = await begin('bare')
const http = await begin('http')
const shipped = await begin('shipped')

await beside('messages, JSON', bare, shipped, message('application/json'), 0.5)
await beside('messages, streamed', bare, shipped, message('text/event-stream'), 0.5)
await beside('reading a task', http, shipped, read, 0.7)
await acknowledgement()
await idleStreams()
for (const { child, pool } of [bare, http, shipped]) {
  await pool.destroy()
  child.send('end')
}

/** 200 events a second, evenly: how long the platform waits for each to be on disk. */
async function acknowledgement(): Promise<void> {
  const times: number[] = []
  const begun = performance.now()
  const asked: Promise<void>[] = []
  for (let n = 0; n < 200 * seconds; n++) {
    const due = begun + n * 5
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
    const at = performance.now()
    const sent = shipped.pool.request({ method: 'POST', path: '/connectors/bench', body: `event-${n}` })
    asked.push(
      sent.then(async ({ body }) => {
        await body.text()
        times.push(performance.now() - at)
      }),
    )
  }
  await Promise.all(asked)
  times.sort((a, b) => a - b)
  const [p50 = 0, p99 = 0] = [times[Math.floor(times.length * 0.5)], times[Math.floor(times.length * 0.99)]]
  const verdict = p99 <= 150 ? 'kept  ' : 'MISSED'
  console.log(`${verdict} webhook at 200 a second: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (wanted 150)`)
}

async function idleStreams(): Promise<void> {
  const before = await memory()
  const streams = await Promise.all(
    Array.from({ length: 1_000 }, () =>
      shipped.pool.request({ method: 'GET', path: '/v1/events', headers: shipped.headers }),
    ),
  )
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const used = (await memory()) - before
  for (const { body } of streams) body.on('error', () => {}).destroy()
  const verdict = used <= 60 ? 'kept  ' : 'MISSED'
  console.log(`${verdict} 1,000 idle streams: ${used.toFixed(0)} MB (wanted 60)`)
}

async function memory(): Promise<number> {
  shipped.child.send('memory')
  const [{ rss }] = (await once(shipped.child, 'message')) as [{ rss: number }]
  return rss / 1_048_576
}
