import type { Check, Provider } from 'asyncv'
import type { Environment } from '../settings/environment.ts'
import { proxyFor, proxyOf } from '../settings/proxy.ts'
import { cleanLine } from '../terminal/clean.ts'
import { words } from '../words/spoken.ts'
import type { ModelService, TelegramPlan } from './plan.ts'

/** To list models, to ask a bot who it is: either answers at once or is not there. ms. */
const listMs = 10_000
/** A model on somebody's own machine has to be loaded first. ms. */
const answerMs = 120_000

export interface Models {
  names: string[]
  /** Why there are none. */
  problem: string | null
  /** The service takes no such key, whatever is asked of it. */
  denied: boolean
}

/** The models that a service lists. */
export async function listModels(service: ModelService, env: Environment, timeoutMs = listMs): Promise<Models> {
  try {
    const found = await withProvider(service, env, (provider) => provider.models?.(AbortSignal.timeout(timeoutMs)))
    return { names: (found ?? []).map(({ id }) => id), problem: null, denied: false }
  } catch (error) {
    const denied = (error as { code?: unknown }).code === 'provider_denied'
    return { names: [], problem: messageOf(error), denied }
  }
}

export type Tried = { ok: true; latencyMs: number; said: string } | { ok: false; problem: string; hint: string }

/** One short conversation, as an agent would have it. */
export async function tryModel(service: ModelService, name: string, env: Environment): Promise<Tried> {
  const begun = performance.now()
  const request = {
    model: name,
    instructions: 'Answer with one short sentence.',
    messages: [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'Say hello.' }] }],
    tools: [],
    // Some think before they speak.
    maxOutputTokens: 1_000,
  }
  try {
    return await withProvider(service, env, async (provider): Promise<Tried> => {
      let said = ''
      const call = { signal: AbortSignal.timeout(answerMs), key: 'init' }
      for await (const event of provider.stream(request, call)) {
        if (event.type === 'text.delta') said += event.text
        if (event.type === 'error') return { ok: false, problem: messageOf(event.error), hint: event.error.hint ?? '' }
        if (event.type === 'finish')
          return { ok: true, latencyMs: Math.round(performance.now() - begun), said: shown(said) }
      }
      return { ok: false, problem: words.init.silent(name, answerMs / 1_000), hint: '' }
    })
  } catch (error) {
    return { ok: false, problem: messageOf(error), hint: '' }
  }
}

/** Asks Telegram whose the token is. */
export async function tryTelegram({ token, apiRoot }: TelegramPlan, env: Environment): Promise<Check> {
  const { telegram } = await import('@asyncv/telegram')
  const proxies = proxyOf(env)
  const proxy = proxies === null ? undefined : proxyFor(apiRoot, proxies)
  try {
    const connector = telegram({
      token,
      ...(apiRoot === undefined ? {} : { apiRoot }),
      ...(proxy === undefined ? {} : { proxy }),
    })
    try {
      return (await connector.test?.(AbortSignal.timeout(listMs))) ?? { ok: true, latencyMs: 0 }
    } finally {
      await connector.close?.()
    }
  } catch (error) {
    return { ok: false, problem: messageOf(error) }
  }
}

async function withProvider<Value>(
  { baseURL, key }: ModelService,
  env: Environment,
  use: (provider: Provider) => Value | Promise<Value>,
): Promise<Value> {
  const { openai } = await import('@asyncv/openai')
  const proxy = proxyOf(env)
  const provider = openai({
    ...(key === undefined ? {} : { apiKey: key.value }),
    ...(baseURL === undefined ? {} : { baseURL }),
    ...(proxy === null ? {} : { proxy }),
  })
  try {
    return await use(provider)
  } finally {
    await provider.close?.()
  }
}

/** One line is enough to see that it talks; and what others wrote must not steer a terminal. */
function shown(text: string): string {
  const line = cleanLine(text.trim())
  return line.length > 200 ? `${line.slice(0, 200)}…` : line
}

function messageOf(error: unknown): string {
  return cleanLine(String((error as { message?: unknown }).message ?? error))
}
