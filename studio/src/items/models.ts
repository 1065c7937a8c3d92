/**
 * Which models agents may name: every model service of a runtime is asked, by the runtime. Editors may know the answer, though
 * asking is for operators; so it is kept for a while, and nobody makes a service answer at each key that is pressed.
 */
import { partTest, status } from 'asyncv/schemas'
import { Problem } from '../http/problem.ts'
import type { ProviderModels } from '../schemas/models.ts'
import type { RuntimePort } from './runtime-port.ts'

export interface Models {
  /** Throws `runtime_unknown`, `runtime_unreachable` and `runtime_refused`. */
  list(runtime: string): Promise<ProviderModels[]>
}

/** A service that answered is not asked again so soon; one that did not, is. ms. */
const freshMs = { answered: 300_000, failed: 15_000 }
/** ms. */
const patienceMs = 10_000

export function createModels(runtimes: RuntimePort, now: () => number): Models {
  const known = new Map<string, { at: number; forMs: number; found: Promise<ProviderModels> }>()
  return {
    async list(runtime) {
      const signal = AbortSignal.timeout(patienceMs)
      const { body } = await runtimes.ask(runtime, { method: 'GET', path: '/admin/v1/status', signal })
      const found = status.pick({ providers: true }).safeParse(body)
      if (!found.success) {
        throw new Problem('runtime_refused', 'The runtime does not tell which model services it has.', {
          hint: 'Its key needs the scope "operate".',
        })
      }
      return Promise.all(found.data.providers.map(({ name }) => modelsOf(runtime, name)))
    },
  }

  function modelsOf(runtime: string, provider: string): Promise<ProviderModels> {
    const place = `${runtime}/${provider}`
    const last = known.get(place)
    const age = last === undefined ? Number.POSITIVE_INFINITY : now() - last.at
    // Below 0 the clock was set back.
    if (last !== undefined && age >= 0 && age < last.forMs) return last.found
    const found = ask(runtime, provider)
    const entry = { at: now(), forMs: freshMs.answered, found }
    known.set(place, entry)
    void found.then(({ problem }) => {
      if (problem !== null) Object.assign(entry, { at: now(), forMs: freshMs.failed })
    })
    return found
  }

  async function ask(runtime: string, provider: string): Promise<ProviderModels> {
    const path = `/admin/v1/providers/${encodeURIComponent(provider)}/test`
    try {
      const signal = AbortSignal.timeout(patienceMs)
      const { body } = await runtimes.ask(runtime, { method: 'POST', path, signal })
      const { result, models, detail } = partTest.parse(body)
      return { provider, models, problem: result === 'failed' ? (detail ?? 'It does not answer.') : null }
    } catch (error) {
      return { provider, models: null, problem: error instanceof Problem ? error.message : 'It does not answer.' }
    }
  }
}
