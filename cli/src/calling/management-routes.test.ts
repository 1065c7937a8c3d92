import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Asyncv, createAsyncv, createVault, defineConnector, type TrustFile } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { fakeConnector } from 'asyncv/testing'
import { createServer, type Listening, LogBook, type RouteInfo } from '@asyncv/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { commandPlace, type Place } from '../command.fixture.ts'
import { beginTrust, trustOf } from '../release/trust-file.ts'
import { managementCommands, withoutCommand } from './management-commands.fixture.ts'

/** Of somebody else, as `asyncv trust show` prints it. */
const publicKey = randomBytes(32).toString('base64')
const operatorKey = `avk_operator_${'o'.repeat(43)}`
const asked: { method: string; path: string; status: number }[] = []
let place: Place
let asyncv: Asyncv
let listening: Listening
let routes: RouteInfo[]

beforeAll(async () => {
  place = commandPlace()
  const database = join(place.folder, '.asyncv/asyncv.db')
  asyncv = createAsyncv({
    storage: sqlite(database),
    connectors: { chat: fakeConnector() },
    agents: [{ name: 'helper', model: 'offline/demo' }],
    routes: [{ connector: 'chat', agent: 'helper' }],
    releases: { trust: trustOf(database) as TrustFile },
    vault: createVault({ key: Buffer.alloc(32, 7) }),
    definitions: async () => [
      defineConnector({ type: 'fake', options: z.strictObject({}), create: () => fakeConnector() }),
    ],
  })
  await asyncv.start()
  await beginTrust(database)
  place.write('asyncv.config.json', { agents: [{ name: 'deployed', model: 'offline/demo' }] })
  writeFileSync(join(place.folder, '.asyncv/operator.key'), `${operatorKey}\n`, { mode: 0o600 })
  const server = createServer(asyncv, { operatorKey, logs: new LogBook(), notReadyMs: 500 })
  routes = server.routes().filter((route) => route.listener === 'management')
  listening = await server.management.listen(0)
  listening.serve(async (request) => {
    const response = await server.management.fetch(request)
    asked.push({ method: request.method, path: new URL(request.url).pathname, status: response.status })
    return response
  })
  for (const { args, input = '' } of managementCommands) {
    const child = place.spawn(args.map((word) => (word === 'KEY' ? publicKey : word)))
    child.stdin?.end(input)
    const [stderr] = await Promise.all([text(child.stderr as NodeJS.ReadableStream), once(child, 'exit')])
    if (/There is no command|has no option|needs /.test(stderr)) throw new Error(`${args.join(' ')}: ${stderr}`)
  }
}, 120_000)
afterAll(async () => {
  await listening.close({ graceMs: 0 })
  await asyncv.stop({ drainMs: 0 })
  place.remove()
})

const nameOf = ({ method, path }: RouteInfo): string => `${method} ${path}`

function takes({ method, path }: RouteInfo, request: { method: string; path: string }): boolean {
  const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
  return method === request.method && pattern.test(request.path)
}

test('every route of the management listener has a command that asks for it', () => {
  expect(routes.length).toBeGreaterThan(15)
  const unused = routes.filter((route) => !asked.some((request) => takes(route, request))).map(nameOf)
  expect(unused).toEqual(Object.keys(withoutCommand))
})

test('no command asks for a route that there is not', () => {
  expect(asked.filter((request) => !routes.some((route) => takes(route, request)))).toEqual([])
})
