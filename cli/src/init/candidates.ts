import type { Environment } from '../settings/environment.ts'
import { localServers, usualModel } from '../settings/find-model.ts'
import { keyName, type ModelService } from './plan.ts'
import { listModels, type Models } from './try-out.ts'

/** A service that models can be had from, as far as can be seen without asking a person. */
export interface Candidate extends Models {
  /** The variable that names it, or the local server's name. */
  from: string
  service: ModelService
  /** The model to propose; null when the service does not say what it has. */
  proposed: string | null
}

/** One that is there lists its models at once. ms. */
const probeMs = 1_000

/** The service of the environment, and those local servers that answer, in this order. */
export async function findCandidates(env: Environment): Promise<Candidate[]> {
  const named = namedService(env)
  const found = await Promise.all([
    ...(named === null ? [] : [candidate(named.from, named.service, env)]),
    ...localServers.map(({ name, baseURL }) => candidate(name, { baseURL }, env, probeMs)),
  ])
  // A service that was named is shown with its problem; a local server that does not answer is none.
  return found.filter(({ problem, from }) => problem === null || from === named?.from)
}

export function namedService(env: Environment): { from: string; service: ModelService } | null {
  const { OPENAI_API_KEY: value, OPENAI_BASE_URL: baseURL } = env
  if (value === undefined && baseURL === undefined) return null
  return {
    from: value === undefined ? 'OPENAI_BASE_URL' : 'OPENAI_API_KEY',
    service: {
      ...(baseURL === undefined ? {} : { baseURL }),
      ...(value === undefined ? {} : { key: { name: keyName(true), value } }),
    },
  }
}

async function candidate(
  from: string,
  service: ModelService,
  env: Environment,
  timeoutMs?: number,
): Promise<Candidate> {
  const models = await listModels(service, env, timeoutMs)
  const wanted = env['OPENAI_MODEL']
  const isNamed = from.startsWith('OPENAI_')
  return { from, service, ...models, proposed: (isNamed ? wanted : undefined) ?? usualModel(models.names) }
}
