import { AsyncvError, offline, type Provider } from 'asyncv'
import { openai } from '@asyncv/openai'
import type { Environment } from './environment.ts'
import { proxyOf } from './proxy.ts'
import { words } from '../words/spoken.ts'

export interface FoundModel {
  reference: string
  providers: Record<string, Provider>
  /** Which one it is and why, for the person who starts it. */
  story: string
}

/** Where local model servers listen that speak the OpenAI protocol: Ollama and LM Studio. */
export const localServers = [
  { name: 'Ollama', baseURL: 'http://127.0.0.1:11434/v1' },
  { name: 'LM Studio', baseURL: 'http://127.0.0.1:1234/v1' },
]

/** A local server that is there lists its models at once. ms. */
const probeMs = 1_000
/** A service that was named may be far away. ms. */
const listMs = 10_000

/** Small and cheap, and known to the official service; another is chosen with OPENAI_MODEL. */
const defaultModel = 'gpt-5-mini'

/** The first model that is there: the environment's key or service, a local server, else the offline demo. */
export async function findModel(env: Environment): Promise<FoundModel> {
  if (env['OPENAI_API_KEY'] !== undefined || env['OPENAI_BASE_URL'] !== undefined) return named(env)
  const local = await Promise.all(localServers.map(probe))
  const found = local.find((server) => server !== null)
  // The others are not used.
  await Promise.all(local.filter((server) => server !== found).map((server) => server?.providers['local']?.close?.()))
  if (found) return found
  return {
    reference: 'offline/demo',
    providers: { offline: offline({ wordDelayMs: 15 }) },
    story: words.start.offline,
  }
}

async function named(env: Environment): Promise<FoundModel> {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL, OPENAI_MODEL: model } = env
  const proxy = proxyOf(env)
  const why = apiKey === undefined ? 'OPENAI_BASE_URL' : 'OPENAI_API_KEY'
  try {
    const main = openai({
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(baseURL === undefined ? {} : { baseURL }),
      ...(proxy === null ? {} : { proxy }),
    })
    const id = model ?? (baseURL === undefined ? defaultModel : await firstModel(main, baseURL, listMs))
    return { reference: `main/${id}`, providers: { main }, story: words.start.isSet(`main/${id}`, why) }
  } catch (error) {
    throw inTermsOfVariables(error)
  }
}

const variables = {
  'openai.baseURL': 'OPENAI_BASE_URL',
  'openai.apiKey': 'OPENAI_API_KEY',
  'openai.proxy.https': 'HTTPS_PROXY',
  'openai.proxy.http': 'HTTP_PROXY',
}

/** The provider speaks of its options; the person has set variables. */
function inTermsOfVariables(error: unknown): unknown {
  if (!(error instanceof AsyncvError)) return error
  const { code, message } = error
  const named = Object.entries(variables).reduce((text, [option, name]) => text.replaceAll(option, name), message)
  return new AsyncvError(code, named === message ? `The service of OPENAI_BASE_URL: ${message}` : named, {
    hint: 'Mend the variable, name the model with OPENAI_MODEL, or unset both to go without.',
    cause: error,
  })
}

async function firstModel(provider: Provider, baseURL: string, timeoutMs: number): Promise<string> {
  const models = (await provider.models?.(AbortSignal.timeout(timeoutMs))) ?? []
  const model = usualModel(models.map(({ id }) => id))
  if (model !== null) return model
  throw new AsyncvError('config_invalid', `${baseURL} lists no model to talk to.`, {
    hint: 'Name one with OPENAI_MODEL.',
  })
}

/** Services list what embeds, hears, speaks and draws beside what talks, and say nowhere which is which. */
const noTalk = /embed|whisper|tts|transcribe|audio|realtime|image|dall-e|sora|moderation|rerank|bge-|davinci|babbage/i

/** The usual one where there is one, else the first that by its name can hold a conversation. */
export function usualModel(names: readonly string[]): string | null {
  if (names.includes(defaultModel)) return defaultModel
  return names.find((name) => !noTalk.test(name)) ?? null
}

async function probe({ name, baseURL }: { name: string; baseURL: string }): Promise<FoundModel | null> {
  const provider = openai({ baseURL })
  // Nothing listens there, mostly: that is no problem, and nothing to tell.
  const model = await firstModel(provider, baseURL, probeMs).catch(() => null)
  if (model === null) {
    await provider.close?.()
    return null
  }
  return {
    reference: `local/${model}`,
    providers: { local: provider },
    story: words.start.localModel(`local/${model}`, name, baseURL),
  }
}
