/**
 * Models over the Chat Completions protocol: OpenAI, and every service and local server that speaks it.
 *
 * ```ts
 * openai({ apiKey })                                       // api.openai.com
 * openai({ baseURL: 'http://127.0.0.1:11434/v1' })         // Ollama, and other local servers, need no key
 * openai({ client: new AzureOpenAI({ … }) })               // an official client, with its own credentials
 * ```
 *
 * A call is made once: waiting and trying again is the runtime's, so an official client's retries are off here.
 */
import {
  AsyncvError,
  type Check,
  defineProvider,
  type ModelEvent,
  type ModelInfo,
  type ModelRequest,
  type Provider,
  type ProviderCall,
} from 'asyncv'
import { call, type CallPorts } from './call.ts'
import { clientTransport, type OfficialClient } from './client-transport.ts'
import { type Service, unwritable } from './errors.ts'
import { fetchModels } from './models.ts'
import {
  type CallOptions,
  checkOptions,
  clientOptions,
  openaiOptions,
  type OpenaiOptions,
  type ResolvedOptions,
} from './options.ts'
import { namesFiles, readFiles } from './files.ts'
import { redactor } from './redact.ts'
import { type BodyOptions, bodyOf, type ChatBody } from './request.ts'
import type { Transport } from './transport.ts'
import { undiciTransport } from './undici-transport.ts'

/** An official client does the requests; what it knows (key, address, proxy) is set there. */
export interface OpenaiClientOptions
  extends Pick<OpenaiOptions, 'stream' | 'includeUsage' | 'maxTokensField' | 'timeouts'> {
  client: OfficialClient
}

/** Makes a provider. It opens nothing before its first call. Throws `config_invalid`. */
export function openai(options: OpenaiOptions | OpenaiClientOptions = {}): Provider {
  if (!('client' in options)) return overUndici(checkOptions(openaiOptions, options))
  const { client, ...rest } = options
  const checked = checkOptions(clientOptions, rest)
  const transport = clientTransport(client, checked.timeouts.totalMs)
  return providerOver(transport, checked, redactor([client.apiKey ?? '']))
}

/** For configurations: `{ "type": "openai", "options": { … } }`. */
export const openaiProvider = defineProvider({
  type: 'openai',
  origin: 'https://api.openai.com',
  options: openaiOptions,
  create: overUndici,
})

function overUndici(options: ResolvedOptions): Provider {
  const redact = redactor([options.apiKey ?? '', ...Object.values(options.headers)])
  return providerOver(undiciTransport(options), options, redact)
}

function providerOver(transport: Transport, options: CallOptions, redact: Service['redact']): Provider {
  const service: Service = { name: transport.name, redact }
  const ports = { transport, service, timeouts: options.timeouts }
  const bodyOptions = {
    stream: options.stream,
    includeUsage: options.includeUsage,
    maxTokensField:
      options.maxTokensField ?? (transport.name === 'api.openai.com' ? 'max_completion_tokens' : 'max_tokens'),
  } as const
  return {
    type: 'openai',
    stream: (request, asked) => ({
      [Symbol.asyncIterator]: () =>
        namesFiles(request)
          ? callWithFiles(request, asked, bodyOptions, ports)
          : call(bodyOf(request, bodyOptions), asked, ports),
    }),
    async models(signal): Promise<ModelInfo[]> {
      const listed = await fetchModels(ports, signal)
      if ('models' in listed) return listed.models
      const { code, message, hint, retryable } = listed.error
      throw new AsyncvError(code, message, { retryable, ...(hint === undefined ? {} : { hint }) })
    },
    async test(signal): Promise<Check> {
      const startedAt = performance.now()
      const listed = await fetchModels(ports, signal)
      if ('models' in listed) {
        const latencyMs = Math.round(performance.now() - startedAt)
        return { ok: true, latencyMs, detail: transport.name, models: listed.models.map(({ id }) => id) }
      }
      const { message, hint } = listed.error
      return { ok: false, problem: message, ...(hint === undefined ? {} : { hint }) }
    },
    close: () => transport.close(),
  }
}

async function* callWithFiles(
  request: ModelRequest,
  asked: ProviderCall,
  options: BodyOptions,
  ports: CallPorts,
): AsyncGenerator<ModelEvent, undefined> {
  const files = await readFiles(request, asked.readFile ?? (async () => null)).catch((error: unknown) => String(error))
  if (typeof files === 'string') {
    yield {
      type: 'error',
      error: { code: 'provider_unavailable', message: `A file cannot be read: ${files}`, retryable: true },
    }
    return
  }
  let body: ChatBody
  try {
    body = bodyOf(request, options, files)
  } catch (error) {
    yield { type: 'error', error: unwritable(ports.service, error) }
    return
  }
  const events = call(body, asked, ports)
  yield* { [Symbol.asyncIterator]: () => events }
}
