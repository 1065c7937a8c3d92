/** Takes in what Telegram sends (core.telegram.org/bots/api#setwebhook): one update a request, sent again until it gets a 2xx. */
import { AsyncvError, backoff, systemClock } from 'asyncv'
import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { createAdmission } from './admission.ts'
import { isHopeless } from './hopeless.ts'
import { introduce } from './introduce.ts'
import type { Bot } from './parse.ts'
import type { PollPorts } from './poll.ts'

export interface Webhook {
  /** Has Telegram send updates here, trying until it is reached or the signal is aborted. Does not reject. */
  register(): Promise<void>
  receive(request: Request): Promise<Response>
}

const updateSchema = z.looseObject({ update_id: z.int() })

/** `bot` is null while Telegram could not be asked. */
export function createWebhook(secretToken: string, bot: Bot | null, ports: PollPorts): Webhook {
  const { account, host, options, signal } = ports
  const { logger } = host
  const admitted = createAdmission({ logger, allow: options.allow })
  const expected = hashOf(secretToken)
  let known = bot
  return { register, receive }

  async function register(): Promise<void> {
    for (let failures = 1; known === null && !signal.aborted; failures++) {
      const { firstMs, maxMs } = options.backoff
      await systemClock.sleep(backoff(failures, firstMs, maxMs), signal).catch(() => {}) // stopped; the loop sees it
      if (signal.aborted) return
      try {
        known = await introduce(ports)
        host.health({ ok: true })
      } catch (error) {
        logger.warn({ err: error, failures }, 'Telegram: the webhook is not set yet; trying again.')
        host.health({ ok: false, detail: reasonOf(error) })
      }
    }
  }

  async function receive(request: Request): Promise<Response> {
    if (request.method !== 'POST') return answer(405, { Allow: 'POST' })
    // Both sides hashed, so that neither length nor beginning can be found out by the time that it takes.
    const given = request.headers.get('x-telegram-bot-api-secret-token') ?? ''
    if (!timingSafeEqual(hashOf(given), expected)) return answer(401)
    const update = updateSchema.safeParse(await request.json().catch(() => null))
    if (!update.success) return answer(400)
    // Who is meant by "/new@name" depends on the bot's name.
    if (known === null) return answer(503)
    const inbound = admitted(update.data, known)
    if (inbound === null) return answer(200)
    try {
      await host.accept(inbound, { account })
      return answer(200)
    } catch (error) {
      if (isHopeless(error)) {
        // The same would happen every time, and Telegram would send it again for a day.
        logger.error(
          { err: error, event: inbound.eventId },
          'Telegram: a message can never be taken in; it is passed over.',
        )
        return answer(200)
      }
      logger.warn({ err: error }, 'Telegram: the runtime takes nothing in now; Telegram sends it again.')
      return answer(503)
    }
  }
}

/** What only a person can mend is said as it is. */
function reasonOf(error: unknown): string {
  if (error instanceof AsyncvError) return `${error.message} ${error.hint ?? ''} Trying again.`
  return 'Telegram could not be told where to send messages yet.'
}

function answer(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers })
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
