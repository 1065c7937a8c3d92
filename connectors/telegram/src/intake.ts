/** What a batch of polled updates goes through: who may talk to the bot, and the runtime's word that it is on disk. */
import { backoff, type ConnectorHost, type Inbound, systemClock } from 'asyncv'
import { createAdmission, type Update } from './admission.ts'
import { isHopeless } from './hopeless.ts'
import type { ResolvedOptions } from './options.ts'
import type { Bot } from './parse.ts'

export interface IntakePorts {
  host: ConnectorHost
  options: Pick<ResolvedOptions, 'allow' | 'backoff'>
  /** Ends the waits between offers. */
  signal: AbortSignal
}

/** Takes in one batch; resolves when all of it is on disk, and the offset behind it. Rejects only when stopped. */
export type Intake = (updates: readonly Update[], bot: Bot) => Promise<void>

/** The name under which the offset is kept. */
export const offsetKey = 'offset'

export function createIntake({ host, options, signal }: IntakePorts): Intake {
  const { logger } = host
  const admitted = createAdmission({ logger, allow: options.allow })
  return takeIn

  /**
   * All but the last update are offered without the offset, chats side by side so that they share commits, the messages
   * of one chat in a row so that none overtakes another that was refused. Once they are on disk the last one moves the
   * offset, past all of them, in the commit that accepts it: the offset never passes what is not on disk, and the usual
   * batch of one costs one commit. A crash on the way offers all again, and what was taken in already is a duplicate.
   */
  async function takeIn(updates: readonly Update[], bot: Bot): Promise<void> {
    const last = updates.at(-1)
    if (last === undefined) return
    const arrivals = updates.map((update) => admitted(update, bot))
    const offers = byChat(arrivals.slice(0, -1)).map(async (inbounds) => {
      for (const inbound of inbounds) await offer(inbound, bot)
    })
    // All of them have ended before this goes on, also when one was stopped.
    for (const outcome of await Promise.allSettled(offers)) if (outcome.status === 'rejected') throw outcome.reason
    await offer(arrivals.at(-1) ?? null, bot, last)
  }

  /** Offers until it is taken; resolves when it is on disk. */
  async function offer(inbound: Inbound | null, { account }: Bot, last?: Update): Promise<void> {
    const state = last === undefined ? undefined : { key: offsetKey, value: String(last.update_id + 1) }
    for (let attempt = 1; ; attempt++) {
      try {
        await host.accept(inbound, state === undefined ? { account } : { account, state })
        return
      } catch (error) {
        if (inbound !== null && isHopeless(error)) {
          // The same would happen every time, and keep everybody else's messages back.
          logger.error(
            { err: error, event: inbound.eventId },
            'Telegram: a message can never be taken in; it is passed over.',
          )
          return last === undefined ? undefined : offer(null, { account, username: '' }, last)
        }
        const waitMs = backoff(attempt, options.backoff.firstMs, options.backoff.maxMs)
        logger.warn({ err: error, attempt, waitMs }, 'Telegram: the runtime takes nothing in now; offering it again.')
        await systemClock.sleep(waitMs, signal)
      }
    }
  }
}

function byChat(arrivals: readonly (Inbound | null)[]): Inbound[][] {
  const chats = new Map<string, Inbound[]>()
  for (const inbound of arrivals) {
    if (inbound === null) continue
    const { conversation } = inbound.from
    const earlier = chats.get(conversation)
    if (earlier === undefined) chats.set(conversation, [inbound])
    else earlier.push(inbound)
  }
  return [...chats.values()]
}
