import { z } from 'zod'

export const runtime = z.object({
  id: z.string(),
  name: z.string(),
  /** The runtime API. */
  url: z.string(),
  managementUrl: z.string(),
})
export type Runtime = z.output<typeof runtime>

export const runtimeList = z.object({ data: z.array(runtime) })

export const runtimeCheck = z.object({
  reachable: z.boolean(),
  version: z.string().nullish(),
  runtimeId: z.string().nullish(),
  trusted: z.boolean().nullish(),
  scopes: z.array(z.string()).nullish(),
  problem: z.object({ code: z.string(), detail: z.string(), hint: z.string().optional() }).nullish(),
})
export type RuntimeCheck = z.output<typeof runtimeCheck>

export const identity = z.object({
  publisher: z.string(),
  publicKey: z.string(),
  fingerprint: z.string(),
  trustCommand: z.string(),
})
export type Identity = z.output<typeof identity>
