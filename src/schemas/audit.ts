import { z } from 'zod'

const hash = z.string().meta({ example: 'a1'.repeat(32) })
const head = z.object({ n: z.int(), hash }).describe('The last entry; of an empty log 0 and 64 zeros')

/** An action of somebody who manages the runtime, and its place in the chain. */
export const auditEntry = z
  .object({
    n: z.int().describe('1, 2, 3, …, without a gap'),
    at: z.int().describe('ms since the epoch'),
    actor: z.object({
      id: z.string().meta({ example: 'key:0123456789abcdef' }).describe('operator, key:<id>, command, program'),
      name: z.string().nullable().describe('The name of the key, or of the host’s user'),
    }),
    action: z.string().meta({ example: 'key.created' }),
    target: z.string().describe('The id of what it was done to'),
    beforeHash: hash.nullable().describe('Of what that was before; null where it was not there'),
    afterHash: hash.nullable(),
    prevHash: hash.describe('The hash of the entry before'),
    hash: hash.describe('Of everything else here'),
  })
  .meta({ id: 'AuditEntry' })

export const auditVerdict = z
  .object({
    whole: z.boolean(),
    entries: z.int().describe('How many are good, counted from the first'),
    head,
    fault: z
      .object({
        kind: z.enum(['missing', 'unlinked', 'edited', 'cut', 'appended', 'head', 'rewritten']),
        n: z.int().describe('The entry where it shows'),
        detail: z.string(),
      })
      .nullable()
      .describe('The first fault; null when the log is whole'),
  })
  .meta({ id: 'AuditVerdict' })
