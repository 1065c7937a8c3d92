/** A runtime with both its listeners that can come back as it was, and whose trust list tests change. */
import { type Asyncv, type AsyncvOptions, createAsyncv, keyFingerprint, type Release } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { createServer, type Listening } from '@asyncv/server'

const operatorKey = `avk_operator_${'o'.repeat(43)}`

export interface RealRuntime {
  asyncv: Asyncv
  url: string
  managementUrl: string
  key: string
  /** Everything that was ever applied, oldest first. */
  applied(): Promise<Release[]>
  stop(): Promise<void>
}

export interface Trusted {
  publisher: string
  publicKey: string
}

/** `file` and `port` (of the management) let one come back as it was. `trusted` may grow while it runs. */
export async function openRuntime(
  trusted: readonly Trusted[],
  { file = ':memory:', port = 0, ...options }: Partial<AsyncvOptions> & { file?: string; port?: number } = {},
): Promise<RealRuntime> {
  const publishers = () =>
    trusted.map(({ publisher, publicKey }) => ({
      name: publisher,
      publicKey,
      fingerprint: keyFingerprint(publicKey),
      addedAt: 0,
    }))
  const asyncv = createAsyncv({ storage: sqlite(file), agents: [], ...options, releases: { trust: { publishers } } })
  await asyncv.start()
  const server = createServer(asyncv, { operatorKey })
  const management: Listening = await server.management.listen(port)
  const runtime: Listening = await server.listen({ host: '127.0.0.1', port: 0 })
  return {
    asyncv,
    url: runtime.url,
    managementUrl: management.url,
    key: operatorKey,
    applied: async () => [...(await asyncv.releases.list({ limit: 500, order: 'oldest' })).data],
    async stop() {
      await Promise.all([management.close({ graceMs: 0 }), runtime.close({ graceMs: 0 })])
      await asyncv.stop({ drainMs: 0 })
    },
  }
}
