import type { RuntimePort } from '../items/runtime-port.ts'
import type { RuntimeClient } from './client.ts'
import type { Runtimes } from './runtimes.ts'

/** The connected runtimes, as items and releases ask them. */
export function createRuntimePort(runtimes: Pick<Runtimes, 'list' | 'connection'>, client: RuntimeClient): RuntimePort {
  return {
    list: async () => (await runtimes.list()).map(({ id, name }) => ({ id, name })),
    async ask(runtime, { method, path, headers: given, body, signal, waitMs }) {
      const { managementUrl: base, key } = await runtimes.connection(runtime)
      const headers = {
        ...given,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      }
      const sent = {
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(waitMs === undefined ? {} : { waitMs }),
      }
      const { status, value } = await client.json({ method, base, path, key, headers, signal, ...sent })
      return { status, body: value }
    },
  }
}
