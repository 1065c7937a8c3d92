import { z } from 'zod'

/** A file that was handed in. */
export const storedFile = z
  .object({
    id: z.string(),
    name: z.string().meta({ example: 'report.pdf' }),
    mediaType: z.string().describe('Found by looking at its first bytes').meta({ example: 'application/pdf' }),
    size: z.int().min(0).describe('Bytes'),
    sha256: z.string(),
    space: z.string(),
    createdAt: z.int().describe('ms since the epoch'),
    expiresAt: z.int().describe('Kept until then at least; a message that names it puts that off. ms since the epoch'),
  })
  .meta({ id: 'File' })
