import { releaseState, status } from 'asyncv/schemas'
import { z } from 'zod'
import { toProblem } from '../http/problem.ts'
import type { identity, RuntimeCheck } from '../schemas/runtime.ts'
import type { RuntimeClient } from './client.ts'
import type { Connection } from './runtimes.ts'

/** What of a runtime's answers is looked at here; a newer one may say more. */
const statusSeen = status.pick({ version: true, runtimeId: true })
const stateSeen = releaseState.pick({ runtime: true, trusted: true }).partial({ trusted: true })

/**
 * Whether a runtime can be used: both listeners, the key, and what it is good for. Each scope is tried by a route that reads
 * and takes it; `invoke` has none, since it would cost a model call.
 */
export async function checkRuntime(
  client: RuntimeClient,
  { url, managementUrl, key }: Connection,
  { publisher, fingerprint }: Pick<z.infer<typeof identity>, 'publisher' | 'fingerprint'>,
): Promise<RuntimeCheck> {
  const ask = async (base: string, path: string): Promise<{ status: number; value: unknown }> =>
    client.json({ method: 'GET', base, path, key, headers: { accept: 'application/json' } })
  const nothing = { version: null, runtimeId: null, trusted: null, scopes: [] }
  try {
    const [read, operate, configure] = await Promise.all([
      ask(url, '/v1/sessions?limit=1'),
      ask(managementUrl, '/admin/v1/status'),
      ask(managementUrl, '/admin/v1/release'),
    ])
    const seen = { read, operate, configure }
    const stranger = Object.values(seen).find(({ status }) => status !== 200 && status !== 403)
    if (stranger !== undefined) return { ...nothing, reachable: false, problem: notOurs(stranger) }
    const scopes = (['read', 'operate', 'configure'] as const).filter((scope) => seen[scope].status === 200)
    const told = statusSeen.safeParse(operate.value)
    const state = stateSeen.safeParse(configure.value)
    const missing = (['read', 'operate', 'configure'] as const).filter((scope) => !scopes.includes(scope))
    const trusted =
      state.data?.trusted?.some((one) => one.name === publisher && one.fingerprint === fingerprint) ?? null
    return {
      reachable: true,
      version: told.data?.version ?? null,
      runtimeId: state.data?.runtime ?? told.data?.runtimeId ?? null,
      trusted,
      scopes,
      problem: missing.length === 0 ? null : keyTooWeak(missing),
    }
  } catch (error) {
    const { code, message, more } = toProblem(error)
    if (code === 'internal') throw error
    const hint = more.hint === undefined ? {} : { hint: more.hint }
    return { ...nothing, reachable: false, problem: { code, detail: message, ...hint } }
  }
}

function keyTooWeak(missing: readonly string[]): NonNullable<RuntimeCheck['problem']> {
  return {
    code: 'scope_missing',
    detail: `The key is not good for: ${missing.join(', ')}.`,
    hint: 'Make one on the host of the runtime with "asyncv keys create studio --scopes invoke,read,operate,configure --space \'*\'".',
  }
}

/** What it says of itself, where it says it as a runtime does. */
function notOurs({ status, value }: { status: number; value: unknown }): NonNullable<RuntimeCheck['problem']> {
  const { detail } = z.object({ detail: z.string().max(500) }).safeParse(value).data ?? {}
  return {
    code: 'runtime_unreachable',
    detail: detail ?? `What answers there is no asyncv runtime (${status}).`,
    hint: 'Check both addresses: by default the API is on port 7400, and the management on 7401.',
  }
}
