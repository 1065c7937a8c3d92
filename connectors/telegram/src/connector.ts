import { AsyncvError, type Check, type Connector, reveal, systemClock } from 'asyncv'
import { CallError } from './call-error.ts'
import { type BotApi, botApi } from './client.ts'
import { botSchema, introduce } from './introduce.ts'
import { botId, type ResolvedOptions } from './options.ts'
import { poll } from './poll.ts'
import { send } from './send.ts'
import { createWebhook, type Webhook } from './webhook.ts'
import { webhookProblem } from './webhook-problem.ts'

/** Longest text of a message (core.telegram.org/bots/api#sendmessage), in UTF-16 code units as entities count. */
const textLimit = 4_096

/** Holds its connections from their first use to `close`, and the poll or the webhook from `start` to `stop`; both may come again. */
export function createConnector(options: ResolvedOptions): Connector {
  const { limits, streaming, placeholder, placeholderAfterMs } = options
  let connections: BotApi | null = null
  let stopping = new AbortController()
  let receiving: Promise<void> = Promise.resolve()
  let webhook: Webhook | null = null

  function api(): BotApi {
    connections ??= botApi(options)
    return connections
  }

  function webhookInfo(signal: AbortSignal | undefined): Promise<unknown> {
    return api().call('getWebhookInfo', {}, signal === undefined ? {} : { signal })
  }

  async function close(): Promise<void> {
    const open = connections
    connections = null
    await open?.close()
  }

  return {
    type: 'telegram',
    supports: {
      textLimit,
      edits: true,
      typing: true,
      streaming: streaming ? { placeholderAfterMs, placeholder } : null,
      pace: {
        perConversationMs: limits.perChatMs,
        perGroupPerMinute: limits.perGroupPerMinute,
        perSecond: limits.perSecond,
        // Ids of groups and channels are negative (core.telegram.org/api/bots/ids).
        isGroup: (conversation) => conversation.startsWith('-'),
      },
    },

    async start(host) {
      stopping = new AbortController()
      const signal = AbortSignal.any([stopping.signal, host.signal])
      // The token says whose account it is. One of another bot takes a start to come into force.
      const account = `tg:${botId(reveal(options.token, new URL(options.apiRoot).origin))}`
      const ports = { api: api(), account, host, options, signal }
      const bot = await introduce(ports).catch(async (error: unknown) => {
        if (error instanceof AsyncvError) {
          await close()
          throw error
        }
        // No network yet, as after a power cut: the token says whose account it is, so what waits can be polled later.
        host.logger.warn({ err: error }, 'Telegram: not reached yet; trying again.')
        host.health({ ok: false, detail: 'Telegram was not reached yet.' })
        return null
      })
      if (options.webhook === undefined) {
        receiving = poll(bot, ports)
      } else {
        webhook = createWebhook(reveal(options.webhook.secretToken, new URL(options.apiRoot).origin), bot, ports)
        receiving = webhook.register()
      }
      return { account }
    },

    async stop() {
      stopping.abort(new Error('stopped'))
      // Telegram keeps what people write meanwhile, and sends it to the next start.
      webhook = null
      await receiving
    },

    ...(options.webhook === undefined
      ? {}
      : { webhook: async (request) => (await webhook?.receive(request)) ?? new Response(null, { status: 503 }) }),

    send: (operation, { signal }) => send(api(), operation, signal),

    async test(signal): Promise<Check> {
      const begun = systemClock.now()
      try {
        const me = await api().call('getMe', {}, signal === undefined ? {} : { signal })
        const latencyMs = systemClock.now() - begun
        const { id, username } = botSchema.parse(me)
        const amiss =
          options.webhook === undefined ? null : webhookProblem(await webhookInfo(signal), options.webhook.url)
        if (amiss !== null) return amiss
        return { ok: true, latencyMs, detail: `@${username} (tg:${id})` }
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error)
        const denied = error instanceof CallError && error.failure.type === 'refused'
        return {
          ok: false,
          problem,
          hint: denied ? 'Check the token with @BotFather.' : 'Check the network, apiRoot and proxy.',
        }
      }
    },

    close,
  }
}
