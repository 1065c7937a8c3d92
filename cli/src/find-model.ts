import { AsyncvError, offline, type Provider } from 'asyncv'
import { openai } from '@asyncv/openai'

export interface FoundModel {
  reference: string
  providers: Record<string, Provider>
  /** Which one it is and why, for the person who starts it. */
  story: string
}

/** Where local model servers listen that speak the OpenAI protocol: Ollama and LM Studio. */
const localServers = [
  { name: 'Ollama', baseURL: 'http://127.0.0.1:11434/v1' },
  { name: 'LM Studio', baseURL: 'http://127.0.0.1:1234/v1' },
]

/** Small and cheap, and known to the official service; another is chosen with OPENAI_MODEL. */
const defaultModel = 'gpt-5-mini'

/** The first model that is there: the environment's key or service, a local server, else the offline demo. */
export async function findModel(env: Readonly<Record<string, string | undefined>>): Promise<FoundModel> {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL, OPENAI_MODEL: named } = env
  if (apiKey !== undefined || baseURL !== undefined) {
    const given = apiKey === undefined ? 'OPENAI_BASE_URL' : 'OPENAI_API_KEY'
    const main = openai({ ...(apiKey === undefined ? {} : { apiKey }), ...(baseURL === undefined ? {} : { baseURL }) })
    const model = named ?? (baseURL === undefined ? defaultModel : await firstModel(main, baseURL))
    return { reference: `main/${model}`, providers: { main }, story: `main/${model} (${given} is set)` }
  }
  const local = await Promise.all(localServers.map(probe))
  const found = local.find((server) => server !== null)
  if (found) return found
  return {
    reference: 'offline/demo',
    providers: { offline: offline({ wordDelayMs: 15 }) },
    story: 'the offline demo (OPENAI_API_KEY and OPENAI_BASE_URL are not set, and no local model answers)',
  }
}

async function firstModel(provider: Provider, baseURL: string): Promise<string> {
  const [model] = (await provider.models?.(AbortSignal.timeout(5_000))) ?? []
  if (model !== undefined) return model.id
  throw new AsyncvError('config_invalid', `${baseURL} lists no models.`, { hint: 'Name one with OPENAI_MODEL.' })
}

async function probe({ name, baseURL }: { name: string; baseURL: string }): Promise<FoundModel | null> {
  const provider = openai({ baseURL })
  // Nothing listens there, mostly: that is no problem, and nothing to tell.
  const model = await firstModel(provider, baseURL).catch(() => null)
  if (model === null) {
    await provider.close?.()
    return null
  }
  return {
    reference: `local/${model}`,
    providers: { local: provider },
    story: `local/${model} (${name} at ${baseURL})`,
  }
}
