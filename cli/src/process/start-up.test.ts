/** What a start loads, package by package: each is time that every start takes, and belongs into it only when it is used. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { commandPlace } from '../command.fixture.ts'

const place = commandPlace()
afterAll(() => place.remove())

// Both loaders of Node are listened to: the one of modules, and at the end what the one before it has.
const listener = place.write(
  'listener.mjs',
  `import Module, { register } from 'node:module'
import { writeFileSync } from 'node:fs'
import { MessageChannel } from 'node:worker_threads'
const { port1, port2 } = new MessageChannel()
const seen = new Set()
port1.on('message', (url) => seen.add(url)).unref()
register('data:text/javascript,' + encodeURIComponent(\`
let port
export const initialize = (data) => { port = data.port }
export const load = (url, context, next) => (port.postMessage(url), next(url, context))\`), { data: { port: port2 }, transferList: [port2] })
process.on('exit', () => writeFileSync('loaded.json', JSON.stringify([...seen, ...Object.keys(Module._cache)])))`,
)

/** What every start needs: the database, the schemas of configuration and wire, and what lanes and observers are made of. */
const always = [
  'better-sqlite3',
  'bindings',
  'eventemitter3',
  'fastest-levenshtein',
  'file-uri-to-path',
  'p-queue',
  'p-timeout',
  'zod',
]

async function loadedBy(config: object, use: (url: string) => Promise<unknown>): Promise<string[]> {
  place.write('asyncv.config.json', config)
  const { child, url } = await place.start([], { env: { NODE_OPTIONS: `--import ${pathToFileURL(listener).href}` } })
  await use(url)
  child.kill('SIGTERM')
  await once(child, 'exit')
  const files = JSON.parse(readFileSync(join(place.folder, 'loaded.json'), 'utf8')) as string[]
  // This folder is inside node_modules, too.
  const packages = files.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^./][^/]*)\//.exec(file)?.[1] ?? [])
  return [...new Set(packages)].sort()
}

const agents = [{ name: 'assistant', model: 'offline/demo' }]

test('a start loads no library that its configuration does not use', async () => {
  expect(await loadedBy({ agents }, async () => {})).toEqual(always)
})

test('what counts is loaded when there is something to count', async () => {
  const say = (url: string): Promise<unknown> =>
    fetch(`${url}/v1/agents/assistant/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"text":"hi"}',
    }).then((response) => response.json())
  expect(await loadedBy({ agents }, say)).toEqual(
    [...always, '@opentelemetry/api', 'bintrees', 'prom-client', 'tdigest'].sort(),
  )
})
