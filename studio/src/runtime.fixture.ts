import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer } from '@asyncv/server'
import { type Asyncv, createAsyncv, type Provider, type Scope, TrustFile } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'

export interface OpenedRuntime {
  asyncv: Asyncv
  url: string
  managementUrl: string
  trust: TrustFile
  /** A key as "asyncv keys create" makes it; for every scope of a Studio by default. */
  key(scopes?: Scope[]): Promise<string>
  close(): Promise<void>
}

/** A runtime with both its listeners on free ports, a trust list in `folder`, and an agent `assistant`. */
export async function openRuntime(folder: string, model?: Provider): Promise<OpenedRuntime> {
  const trust = new TrustFile(join(folder, 'trust.json'))
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    ...(model === undefined ? {} : { providers: { main: model } }),
    agents: [{ name: 'assistant', model: model === undefined ? 'offline/demo' : 'main/m' }],
    releases: { trust },
  })
  await asyncv.start()
  const server = createServer(asyncv)
  const runtime = await server.listen({ host: '127.0.0.1', port: 0 })
  const management = await server.management.listen(0)
  return {
    asyncv,
    url: runtime.url,
    managementUrl: management.url,
    trust,
    key: async (scopes = ['invoke', 'read', 'operate', 'configure']) =>
      (await asyncv.keys.create({ name: 'studio', scopes, space: '*' })).key,
    async close() {
      await Promise.all([runtime.close({ graceMs: 0 }), management.close({ graceMs: 0 })])
      await asyncv.stop({ drainMs: 0 })
    },
  }
}

export interface Impostor {
  url: string
  /** The heads of what it was asked. */
  asked: Record<string, string | string[] | undefined>[]
  close(): Promise<void>
}

/** A listener that is no runtime, and answers everything in one way. */
export async function openImpostor(status: number, headers: Record<string, string>, body = ''): Promise<Impostor> {
  const asked: Impostor['asked'] = []
  const server = createHttpServer((request, response) => {
    asked.push({ ...request.headers, path: request.url })
    response.writeHead(status, headers).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
