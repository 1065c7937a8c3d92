/** Options that are numbers, with their defaults. Each adds a sentence to `problems` for what cannot be used. */
import { suggestion } from '../internal/nearest.ts'
import type {
  AsyncvOptions,
  EventOptions,
  FileOptions,
  ModelCallOptions,
  OutboxOptions,
  Price,
  RetentionOptions,
} from '../options.ts'

export const outboxDefaults: Required<OutboxOptions> = {
  deliveryMaxAgeMs: 24 * 60 * 60_000,
  maxAttempts: 20,
  backoffMs: 1_000,
  maxBackoffMs: 300_000,
  sendTimeoutMs: 30_000,
  onUncertain: 'resend',
}

export const modelCallDefaults: Required<ModelCallOptions> = { maxAttempts: 4, backoffMs: 500, maxBackoffMs: 30_000 }

export const fileDefaults: Required<FileOptions> = {
  maxBytes: 25 * 1_048_576,
  maxTotalBytes: 10 * 1_073_741_824,
  maxCallBytes: 30 * 1_048_576,
  keepMs: 30 * 24 * 60 * 60_000,
}

export function checkPrices(prices: AsyncvOptions['prices'] = {}, problems: string[]): Readonly<Record<string, Price>> {
  for (const [reference, { input, output }] of Object.entries(prices)) {
    if ([input, output].every((price) => Number.isFinite(price) && price >= 0)) continue
    problems.push(`prices["${reference}"] is ${JSON.stringify({ input, output })}; give what a million tokens cost.`)
  }
  return prices
}

export function positive(name: string, value: unknown, problems: string[]): number {
  if (!Number.isInteger(value) || Number(value) < 1)
    problems.push(`${name} is ${JSON.stringify(value)}; give a whole number from 1 up.`)
  return Number(value)
}

/** Unlike the others it may be 0, for "not at all". */
export function resolveEvents(given: EventOptions = {}, problems: string[]): Required<EventOptions> {
  const { keepMs = 0, ...unknown } = given
  for (const key of Object.keys(unknown)) problems.push(`Unknown option events.${key}.${suggestion(key, ['keepMs'])}`)
  if (!Number.isInteger(keepMs) || keepMs < 0)
    problems.push(`events.keepMs is ${JSON.stringify(keepMs)}; give a whole number from 0 up.`)
  return { keepMs }
}

/** Platforms try again for days, and a key that is forgotten answers a message twice. ms. */
const leastDedupeMs = 7 * 24 * 60 * 60_000

export function resolveRetention(given: RetentionOptions = {}, problems: string[]): Required<RetentionOptions> {
  const { conversationsMs = 0, dedupeMs = 30 * 24 * 60 * 60_000, ...unknown } = given
  for (const key of Object.keys(unknown)) {
    problems.push(`Unknown option retention.${key}.${suggestion(key, ['conversationsMs', 'dedupeMs'])}`)
  }
  if (!Number.isInteger(conversationsMs) || conversationsMs < 0)
    problems.push(
      `retention.conversationsMs is ${JSON.stringify(conversationsMs)}; give a whole number from 1 up, or 0 to keep them for good.`,
    )
  if (!Number.isInteger(dedupeMs) || dedupeMs < leastDedupeMs)
    problems.push(
      `retention.dedupeMs is ${JSON.stringify(dedupeMs)}; give a whole number from ${leastDedupeMs} (7 days) up.`,
    )
  return { conversationsMs, dedupeMs }
}

export function withDefaults<Options extends object>(
  name: string,
  defaults: Options,
  given: Partial<Options> = {},
  problems: string[],
): Options {
  const set = Object.entries(given).filter(([, value]) => value !== undefined)
  for (const [key, value] of set) {
    if (!(key in defaults)) problems.push(`Unknown option ${name}.${key}.${suggestion(key, Object.keys(defaults))}`)
    else if (key === 'onUncertain') checkOnUncertain(value, problems)
    else positive(`${name}.${key}`, value, problems)
  }
  return { ...defaults, ...Object.fromEntries(set) }
}

function checkOnUncertain(value: unknown, problems: string[]): void {
  if (value === 'resend' || value === 'hold') return
  problems.push(`outbox.onUncertain is ${JSON.stringify(value)}; give "resend" or "hold".`)
}
