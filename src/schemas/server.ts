import { z } from 'zod'

const port = z.int().min(0).max(65_535)

/** What the service is told; see `ServerConfig`. Parsing fills in the defaults of what it needs. */
export const serverConfig = z.strictObject({
  host: z.string().optional(),
  port: port.optional(),
  managementPort: port.optional(),
  allowedHosts: z.array(z.string()).default([]),
  allowedOrigins: z.array(z.string()).default([]),
  maxBodyBytes: z.int().min(1).default(1_048_576),
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  basePath: z
    .string()
    .regex(/^(?:\/[\w.~-]+)*$/, 'write it as in "/assistant"')
    .default(''),
  trustProxy: z.array(z.string()).default([]),
  notReadyMs: z.int().min(0).optional(),
  limits: z
    .strictObject({
      requestsPerMinute: z.int().min(0).default(0),
      streams: z.int().min(1).default(2_000),
      connections: z.int().min(1).default(10_000),
      pingMs: z.int().min(100).default(15_000),
      stuckMs: z.int().min(100).default(25_000),
    })
    .prefault({}),
})
