import { z } from 'zod'

const origins = z.array(z.string().meta({ example: 'https://api.openai.com' })).max(20)

/** What is told of a secret of the vault: never its value. */
export const secretInfo = z
  .object({
    name: z.string().meta({ example: 'OPENAI_API_KEY' }),
    version: z.int().describe('1, and one more with each new value'),
    origins: origins
      .nullable()
      .describe(
        'The only origins it is sent to; null: the official one of what uses it, and those of the operator’s file',
      ),
    fingerprint: z
      .string()
      .nullable()
      .describe('The same for the same value of this name; null when it cannot be read'),
    keyId: z.string().describe('The master key it was sealed with'),
    updatedAt: z.int().describe('ms since the epoch'),
  })
  .meta({ id: 'Secret' })

export const secretRequest = z
  .strictObject({
    value: z.string().min(1).max(65_536).describe('Kept sealed, and never given back'),
    origins: origins
      .nullable()
      .optional()
      .describe('Default: as before, for a new one and one that cannot be read null'),
  })
  .meta({ id: 'SecretRequest' })
