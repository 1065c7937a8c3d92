import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Pool, request as undiciRequest } from 'undici'
import OpenAI from 'openai'
import { openai } from './src/index.ts'
const child = spawn(process.execPath, ['-C','@asyncv/source','--import','tsx','providers/openai/src/testing/serve.ts'], { stdio: ['ignore','pipe','inherit'] })
const [line] = await once(child.stdout!, 'data'); const url = String(line).trim()
const origin = new URL(url).origin
const words = Number(process.argv[2] ?? 20)
const c = Number(process.argv[3] ?? 1)
const N = Number(process.argv[4] ?? 3000)
const text = Array.from({length: words}, (_, i) => 'word'+i).join(' ')
const request = { model: 'm', instructions: 'Be brief.', messages: [{ role: 'user' as const, parts: [{ type: 'text' as const, text }] }], tools: [], maxOutputTokens: 100 }
const signal = new AbortController().signal
const provider = openai({ baseURL: url, apiKey: 'sk-abcdef' })
const viaClient = openai({ client: new OpenAI({ baseURL: url, apiKey: 'sk-abcdef' }) })
const client = new OpenAI({ baseURL: url, apiKey: 'sk-abcdef' })
const pool = new Pool(origin, { connections: 256 })
const body = JSON.stringify({ model: 'm', messages: [{role:'system',content:'Be brief.'},{ role: 'user', content: text }], max_tokens: 100, stream: true, stream_options: { include_usage: true } })
const headers = { 'content-type': 'application/json', authorization: 'Bearer x' }
let sink = 0
const ways: Record<string, () => Promise<void>> = {
  'bare undici.request drain': async () => { const r = await undiciRequest(url + '/chat/completions', { method: 'POST', headers, body }); for await (const b of r.body) sink += b.length },
  'bare Pool.request drain': async () => { const r = await pool.request({ path: '/v1/chat/completions', method: 'POST', headers, body }); for await (const b of r.body) sink += b.length },
  'bare Pool.dispatch drain': () => new Promise((res, rej) => { pool.dispatch({ path: '/v1/chat/completions', method: 'POST', headers, body }, { onRequestStart() {}, onResponseStart() {}, onResponseData(_: any, b: Buffer) { sink += b.length }, onResponseEnd() { res() }, onResponseError(_: any, e: Error) { rej(e) } }) }),
  'bare Pool.dispatch old handlers': () => new Promise((res, rej) => { pool.dispatch({ path: '/v1/chat/completions', method: 'POST', headers, body }, { onConnect() {}, onHeaders() { return true }, onData(b: Buffer) { sink += b.length; return true }, onComplete() { res() }, onError(e: Error) { rej(e) } } as any) }),
  'openai()': async () => { for await (const e of provider.stream(request, { signal, key: 'a/1' })) if (e.type === 'text.delta') sink += e.text.length; else if (e.type === 'error') throw new Error(e.error.message) },
  'openai({ client })': async () => { for await (const e of viaClient.stream(request, { signal, key: 'a/1' })) if (e.type === 'text.delta') sink += e.text.length; else if (e.type === 'error') throw new Error(e.error.message) },
  'official SDK alone': async () => { const s = await client.chat.completions.create({ ...JSON.parse(body) }); for await (const x of s as any) sink += x.choices[0]?.delta?.content?.length ?? 0 },
}
const only = process.argv[5]
async function round(way: () => Promise<void>, n: number) {
  let left = n
  const t = performance.now(), cpu = process.cpuUsage()
  await Promise.all(Array.from({ length: c }, async () => { while (left-- > 0) await way() }))
  const used = process.cpuUsage(cpu)
  return { cpu: (used.user + used.system) / n, wall: (performance.now() - t) * 1000 / n }
}
const results: Record<string, {cpu:number[],wall:number[]}> = {}
for (const [name, way] of Object.entries(ways)) if (!only || name.includes(only)) await round(way, 500)
for (let r = 0; r < 5; r++) for (const [name, way] of Object.entries(ways)) if (!only || name.includes(only)) { const x = await round(way, name.includes('client') || name.includes('SDK') ? N / 5 : N); (results[name] ??= {cpu:[],wall:[]}).cpu.push(x.cpu); results[name].wall.push(x.wall) }
const med = (a: number[]) => a.sort((x, y) => x - y)[a.length >> 1]!.toFixed(0)
console.log(`words ${words} concurrency ${c}`)
for (const [name, { cpu, wall }] of Object.entries(results)) console.log(name.padEnd(34), 'cpu µs', med(cpu).padStart(6), ' wall µs', med(wall).padStart(6))
child.kill(); process.exit()
