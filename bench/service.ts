/**
 * `npm run bench:service`: what the service costs, in interleaved rounds beside the least that could stand in its place. Only
 * the ratios mean something: absolute times are the machine's.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { systemClock } from 'asyncv'
import { Pool } from 'undici'
import { bundle } from '../test/bundle.ts'
import { keepByHand } from './keeping.ts'

const rounds = Number(process.env['ROUNDS'] ?? 5)
const seconds = Number(process.env['SECONDS'] ?? 3)
const width = 32

const built = await bundle(
  { contender: join(import.meta.dirname, 'service-contender.ts'), fakes: join(import.meta.dirname, 'fakes.ts') },
  '.bench',
)
const fakes = fork(built('fakes'), { execArgv: [] })
const [{ modelUrl }] = (await once(fakes, 'message')) as [{ modelUrl: string }]

interface Begun {
  child: ChildProcess
  pool: Pool
  headers: Record<string, string>
  task: string
}

async function begin(name: string): Promise<Begun> {
  const child = fork(built('contender'), [name, modelUrl], { execArgv: ['--expose-gc'] })
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

/** Says too how far code by hand comes that keeps as much, or reads from the same table. Gives the rate of the least. */
async function beside(what: string, least: Begun, ask: Ask, wanted: number): Promise<number> {
  const contenders = [least, byHand, shipped]
  for (const begun of contenders) await rate(begun, ask, 1.5)
  const rates: number[][] = contenders.map(() => [])
  for (let n = 0; n < rounds; n++) {
    for (const [index, begun] of contenders.entries()) rates[index]?.push(await rate(begun, ask, seconds))
  }
  const [bare = 0, kept = 0, ours = 0] = rates.map(median)
  const verdict = ours / bare >= wanted ? 'kept  ' : 'MISSED'
  const ratio = `${ours.toFixed(0)}/s beside ${bare.toFixed(0)}/s = ${(ours / bare).toFixed(2)} (wanted ${wanted})`
  console.log(`${verdict} ${what}: ${ratio}; by hand ${kept.toFixed(0)}/s = ${(kept / bare).toFixed(2)}`)
  return bare
}

/**
 * What SQLite leaves over: the rows of messages by statements written by hand, as many in each commit as there are clients,
 * with no request, no model and nothing else in the process. A service that took no time for all the rest would come as far
 * as both after each other.
 */
async function rowsAlone(bare: number): Promise<void> {
  const store = await keepByHand()
  const [text, answer] = ['hello, and how are you today?', 'An answer of some length, as an assistant might give it.']
  let count = 0
  const round = async (forSeconds: number): Promise<number> => {
    const [begun, before] = [performance.now(), count]
    while (performance.now() - begun < forSeconds * 1000) {
      const addresses = Array.from({ length: width }, () => `api:default:helper:${systemClock.id()}`)
      count += width
      const kept = await Promise.all(addresses.map((address) => store.accept(address, text, null)))
      await Promise.all(kept.map((task) => store.finish(task, text, answer, null)))
    }
    return ((count - before) / (performance.now() - begun)) * 1000
  }
  await round(1.5)
  const rates: number[] = []
  for (let n = 0; n < rounds; n++) rates.push(await round(seconds))
  store.close()
  const rows = median(rates)
  const most = 1 / (1 + bare / rows)
  console.log(
    `       rows alone, by hand: ${rows.toFixed(0)}/s; with the bare route before them ${most.toFixed(2)} at most`,
  )
}

const bare = await begin('bare')
const http = await begin('http')
const byHand = await begin('byHand')
const shipped = await begin('shipped')

await rowsAlone(await beside('messages, JSON', bare, message('application/json'), 0.5))
await beside('messages, streamed', bare, message('text/event-stream'), 0.5)
await beside('reading a task', http, read, 0.7)
await passThrough()
await acknowledgement()
await idleStreams()
for (const { child, pool } of [bare, http, byHand, shipped]) {
  await pool.destroy()
  child.send('end')
}
fakes.send('end')

/** One caller at a time asks a model for a completion, in turns by itself, through code by hand that keeps it, and through an agent. */
async function passThrough(): Promise<void> {
  const model = new Pool(new URL(modelUrl).origin)
  const messages = [{ role: 'user', content: 'hello, and how are you today?' }]
  const ask = async (pool: Pool, path: string, name: string, headers: Record<string, string>): Promise<number> => {
    const begun = performance.now()
    const body = JSON.stringify({ model: name, messages })
    const response = await pool.request({ method: 'POST', path, headers, body })
    const text = await response.body.text()
    if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${text}`)
    return performance.now() - begun
  }
  const [direct, kept, through]: [number[], number[], number[]] = [[], [], []]
  const path = '/v1/chat/completions'
  const ownHeaders = { 'content-type': 'application/json', authorization: 'Bearer test' }
  for (const until = performance.now() + rounds * seconds * 1000; performance.now() < until; ) {
    direct.push(await ask(model, path, 'bench', ownHeaders))
    kept.push(await ask(byHand.pool, `/openai${path}`, 'passing', byHand.headers))
    through.push(await ask(shipped.pool, `/openai${path}`, 'passing', shipped.headers))
  }
  await model.destroy()
  const [itself, handMade, ours] = [median(direct), median(kept), median(through)]
  const verdict = ours - itself <= 0.5 ? 'kept  ' : 'MISSED'
  const figures = `${ours.toFixed(2)} ms beside ${itself.toFixed(2)} ms = ${(ours - itself).toFixed(2)} ms more`
  const mark = `by hand ${(handMade - itself).toFixed(2)} ms more`
  console.log(`${verdict} OpenAI pass-through, p50: ${figures} (wanted 0.5); ${mark}`)
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
