import { z } from 'zod'

export const webhookEvents = ['release.published', 'release.applied', 'release.refused', 'release.drifted'] as const
export const webhookEvent = z.enum(webhookEvents)

const url = z.string().max(2_000).describe('https:, or http: where the network is trusted; redirects are not followed')
const events = z.array(webhookEvent).min(1).max(webhookEvents.length)

export const webhookRequest = z.strictObject({
  url,
  events,
  secret: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'expected "whsec_" and 24 to 64 bytes in base64')
    .optional()
    .describe('What deliveries are signed with. Default: a new one'),
})

export const webhookChange = z.strictObject({ url, events }).partial()

export const webhook = z.object({
  id: z.string(),
  url: z.string(),
  events: z.array(webhookEvent),
  createdAt: z.int(),
  /** What became of its last delivery; null before the first. */
  last: z
    .object({ state: z.enum(['pending', 'sent', 'dead']), problem: z.string().nullable(), at: z.int() })
    .nullable(),
})

export const createdWebhook = webhook.extend({ secret: z.string().describe('Shown this once') })
export const webhookList = z.object({ data: z.array(webhook) })

export const webhookDelivery = z.object({
  id: z.string().describe('As `webhook-id` says it'),
  event: z.string(),
  state: z.enum(['pending', 'sent', 'dead']),
  attempts: z.int(),
  nextAt: z.int().nullable(),
  problem: z.string().nullable().describe('Why the last attempt failed'),
  createdAt: z.int(),
})

/** Newest first. */
export const webhookDeliveryPage = z.object({ data: z.array(webhookDelivery), nextCursor: z.string().nullable() })
export const webhookDeliveryQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(64).optional(),
})
