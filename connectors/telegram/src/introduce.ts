import { AsyncvError, type ConnectorHost, reveal } from 'asyncv'
import { z } from 'zod'
import { CallError } from './call-error.ts'
import type { BotApi } from './client.ts'
import type { ResolvedOptions } from './options.ts'
import type { Bot } from './parse.ts'

export interface IntroducePorts {
  api: BotApi
  /** `tg:<bot id>`. */
  account: string
  host: ConnectorHost
  options: Pick<ResolvedOptions, 'apiRoot' | 'webhook'>
  /** Cuts calls under way. */
  signal: AbortSignal
}

/** What `getMe` tells. */
export const botSchema = z.object({ id: z.int(), username: z.string() })
const webhookSchema = z.object({ url: z.string() })

/**
 * Asks Telegram who the bot is, and has it send updates to the webhook, or clears the way for polling. Rejects with an
 * `AsyncvError` when the token or the webhook is not accepted, else with the `CallError` that kept it from asking.
 */
export async function introduce(ports: IntroducePorts): Promise<Bot> {
  const { api, account, signal } = ports
  try {
    const [me, webhook] = await Promise.all([
      api.call('getMe', {}, { signal }).then((result) => botSchema.parse(result)),
      api.call('getWebhookInfo', {}, { signal }).then((result) => webhookSchema.parse(result)),
    ])
    if (`tg:${me.id}` !== account) throw otherBot(account, me.id)
    if (ports.options.webhook !== undefined) await setWebhook(ports.options.webhook, ports)
    else if (webhook.url !== '') await dropWebhook(webhook.url, ports)
    return { account, username: me.username }
  } catch (error) {
    if (!(error instanceof CallError) || error.failure.type !== 'refused') throw error
    const { code } = error.failure
    throw code === 401 || code === 404 ? deniedToken(account, error) : error
  }
}

/** Telegram gives updates to a webhook or to a poller; those that wait are kept and come over the poll. */
async function dropWebhook(url: string, { api, account, host, signal }: IntroducePorts): Promise<void> {
  await api.call('deleteWebhook', { drop_pending_updates: false }, { signal })
  host.logger.warn(
    { account, webhook: URL.canParse(url) ? new URL(url).origin : '' },
    'Telegram: a webhook was set for this bot, which keeps messages from being polled; it was removed, no message was lost.',
  )
}

/** Said at each start, also when it stands already: the secret may be another. What waits is kept, and comes. */
async function setWebhook(
  { url, secretToken, maxConnections }: NonNullable<ResolvedOptions['webhook']>,
  { api, account, options, signal }: IntroducePorts,
): Promise<void> {
  const parameters = {
    url,
    secret_token: reveal(secretToken, new URL(options.apiRoot).origin),
    max_connections: maxConnections,
    allowed_updates: ['message'],
    drop_pending_updates: false,
  }
  try {
    await api.call('setWebhook', parameters, { signal })
  } catch (error) {
    if (!(error instanceof CallError) || error.failure.type !== 'refused') throw error
    const { code, description } = error.failure
    // A token that is not accepted is told by who asked; too many calls, and troubles of Telegram's own, pass.
    const isOurs = code >= 400 && code < 500 && code !== 401 && code !== 404 && code !== 429
    throw isOurs ? refusedWebhook(account, description, error) : error
  }
}

function refusedWebhook(account: string, description: string, cause: CallError): AsyncvError {
  return new AsyncvError('connector_failed', `Telegram refuses the webhook of ${account}: ${description}.`, {
    hint: 'Check webhook.url: it has to be an https address that Telegram can reach, at port 443, 80, 88 or 8443.',
    cause,
  })
}

function deniedToken(account: string, cause: CallError): AsyncvError {
  return new AsyncvError('connector_failed', `Telegram does not accept the token of ${account}.`, {
    hint: 'Compare it with what @BotFather shows under /mybots, "API Token"; and check apiRoot, if it is set.',
    cause,
  })
}

function otherBot(account: string, id: number): AsyncvError {
  return new AsyncvError('connector_failed', `The token is of ${account}, but the Bot API says it is of tg:${id}.`, {
    hint: 'Check apiRoot: what answers there is not what gave out the token.',
  })
}
