import { z } from 'zod'
import { itemKind, itemReference } from './item.ts'
import { fieldDifference } from './item-difference.ts'

const content = z.record(z.string(), z.unknown())

/** What one item is to become. */
export const itemChange = z.strictObject({
  kind: itemKind,
  name: z.string().max(64),
  content: content.nullable().describe('Null: without it'),
})
export type ItemChange = z.infer<typeof itemChange>

const changes = z.array(itemChange).max(1_000).default([]).describe('What differs from the saved items')

export const itemComposition = z.strictObject({ changes })

export const itemCheckRequest = z.strictObject({
  changes,
  runtime: z.string().optional().describe('Whom to ask. Default: the runtime that was connected first'),
})

export const itemProblem = z.object({
  pointer: z
    .string()
    .describe('A JSON pointer into the content of the item; of the whole document where there is none'),
  detail: z.string(),
  kind: itemKind.nullable(),
  name: z.string().nullable(),
})
export type ItemProblem = z.infer<typeof itemProblem>

export const itemCheck = z.object({
  checkedBy: z.enum(['runtime', 'schema']).describe('schema: only the form was looked at'),
  runtime: z.object({ id: z.string(), name: z.string() }).nullable(),
  problem: z.string().nullable().describe('Why no runtime looked at it'),
  errors: z.array(itemProblem).describe('Empty when it could be applied'),
})

const kindOfChange = z.enum(['created', 'changed', 'deleted'])

/** What publishing everything would change. */
export const unpublishedChange = itemReference.extend({
  change: kindOfChange,
  from: z.int().nullable().describe('The version that is published'),
  to: z.int().describe('The version that is saved'),
  changedAt: z.int().describe('ms since the epoch'),
  changedBy: z.object({ id: z.string(), name: z.string() }),
  reason: z.string().nullable().describe('Of the last save'),
  difference: z.array(fieldDifference),
})
export const unpublishedChanges = z.object({
  release: z.int().nullable().describe('The newest; null before the first'),
  data: z.array(unpublishedChange),
})

const reason = z
  .string()
  .trim()
  .max(1_000)
  .transform((text) => (text === '' ? null : text))
  .nullable()
  .default(null)

const replace = z.boolean().default(false)
const dryRun = z.boolean().default(false).describe('Only tell what would change')
const seen = z
  .array(itemReference.extend({ version: z.int() }))
  // Each of four kinds has room for 1,000; all of them may go while as many others come.
  .max(8_000)
  .optional()
  .describe(
    'The changes that a dry run told of; when there would be others now, a version_conflict. Default: whichever',
  )

export const importRequest = z.strictObject({
  document: content.describe('What `asyncv deploy` takes as JSON: a release, or a configuration'),
  replace: replace.describe('Delete what the document does not have'),
  dryRun,
  seen,
  reason,
})

export const adoptionRequest = z.strictObject({
  replace: replace.describe('Although Studio has items: they become what runs there, those that do not run there go'),
  dryRun,
  seen,
  reason,
})

export const importResult = z.object({
  dryRun: z.boolean(),
  unchanged: z.int(),
  changes: z.array(
    itemReference.extend({
      change: kindOfChange,
      version: z.int().describe('Which it has now, or would have'),
      difference: z.array(fieldDifference),
    }),
  ),
})
export type ImportResult = z.infer<typeof importResult>
