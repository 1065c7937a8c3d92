import { z } from 'zod'
import { plainLine } from './plain-line.ts'

/** Where a listener of a runtime is. On a private network is as good as anywhere: an administrator says it. */
const address = z
  .string()
  .trim()
  .max(500)
  .transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : null
    const wrong =
      url === null || !/^https?:$/.test(url.protocol)
        ? 'write a full address with http:// or https://, such as http://127.0.0.1:7400'
        : url.username !== '' || url.password !== ''
          ? 'leave the name and the password out: Studio identifies itself by the key'
          : url.search !== '' || url.hash !== ''
            ? 'leave out what begins with "?" or "#"'
            : null
    if (wrong === null) return `${url?.origin}${url?.pathname.replace(/\/+$/, '')}`
    context.addIssue({ code: 'custom', message: wrong })
    return z.NEVER
  })

const name = z.string().trim().min(1).max(100).regex(plainLine, 'leave out control characters')

const key = z
  .string()
  .trim()
  .regex(/^avk_[A-Za-z0-9_-]{8,200}$/, 'give the whole key as "asyncv keys create" printed it; it begins with "avk_"')

export const runtimeRequest = z.strictObject({
  name,
  url: address.describe('Of its API, such as http://127.0.0.1:7400'),
  managementUrl: address.describe('Of the API for those who manage it, such as http://127.0.0.1:7401'),
  key,
})

/** Another address takes the key again: it is not sent to where nobody meant it to go. */
export const runtimeChange = runtimeRequest.partial()

export const runtime = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  managementUrl: z.string(),
  keyId: z
    .string()
    .nullable()
    .describe('Which key Studio uses, as "asyncv keys list" names it; null when it cannot be opened'),
  runtimeId: z.string().nullable().describe('What it calls itself; null until it was reached'),
  version: z.string().nullable(),
  problem: z.string().nullable().describe('Why the last check failed; null when it did not'),
  checkedAt: z.int().nullable().describe('ms since the epoch'),
  createdAt: z.int().describe('ms since the epoch'),
})
export type Runtime = z.infer<typeof runtime>

export const runtimeList = z.object({ data: z.array(runtime) })

export const runtimeScopes = ['read', 'operate', 'configure'] as const

export const runtimeCheck = z.object({
  reachable: z.boolean().describe('Both its listeners, with this key'),
  version: z.string().nullable(),
  runtimeId: z.string().nullable(),
  trusted: z
    .boolean()
    .nullable()
    .describe('Whether it takes releases that this Studio has signed; null where it does not tell'),
  scopes: z.array(z.enum(runtimeScopes)).describe('What the key was seen to be good for'),
  problem: z
    .object({ code: z.string(), detail: z.string(), hint: z.string().optional() })
    .nullable()
    .describe('What keeps Studio from using it, and the way out'),
})
export type RuntimeCheck = z.infer<typeof runtimeCheck>

/** What the host of a runtime has to know to take releases of this Studio. */
export const identity = z.object({
  publisher: z.string(),
  publicKey: z.string().describe('Ed25519, 32 bytes in base64'),
  fingerprint: z.string().describe('As "asyncv trust list" shows it there'),
  trustCommand: z.string().describe('To run on that host'),
})
