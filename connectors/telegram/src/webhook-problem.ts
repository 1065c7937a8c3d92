import { type Check, systemClock } from 'asyncv'
import { z } from 'zod'

/** What of a webhook's state tells how it is (core.telegram.org/bots/api#webhookinfo). Times are in seconds. */
const infoSchema = z.object({
  url: z.string(),
  pending_update_count: z.int().default(0),
  last_error_date: z.int().optional(),
  last_error_message: z.string().optional(),
})

/** What is older was mended since, or nobody has written: Telegram tries again at least every few minutes. ms */
const freshMs = 10 * 60_000

/** What Telegram says is wrong with the webhook; null when it says nothing. A start sets another address, so that is told. */
export function webhookProblem(answer: unknown, expected: string): Extract<Check, { ok: false }> | null {
  const info = infoSchema.parse(answer)
  if (info.url !== '' && info.url !== expected) {
    return {
      ok: false,
      problem: `Telegram sends to ${new URL(info.url).origin}, not to ${expected}.`,
      hint: 'Start the service, which tells Telegram; and look for another one that uses this bot.',
    }
  }
  const { last_error_message: problem, last_error_date: at = 0, pending_update_count: waiting } = info
  if (problem === undefined || systemClock.now() - at * 1_000 > freshMs || waiting === 0) return null
  return {
    ok: false,
    problem: `Telegram does not reach ${expected}: ${problem}. ${waiting} updates wait there, and are not lost.`,
    hint: 'Look at what stands in front of the service: certificate, port 443, 80, 88 or 8443, and where requests go.',
  }
}
