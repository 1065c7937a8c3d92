import { z } from 'zod'
import { fieldDifference } from './item-difference.ts'

/** What a release consists of, in the order in which lists show it. */
export const itemKinds = ['agent', 'route', 'connector', 'provider'] as const
export const itemKind = z.enum(itemKinds)
export type ItemKind = z.infer<typeof itemKind>

const moment = z.int().describe('ms since the epoch')
const person = z.object({ id: z.string(), name: z.string().describe('As it was then') })
const content = z
  .record(z.string(), z.unknown())
  .describe('Its piece of a ReleaseDocument: an agent, a route, or the type and options of a connector or provider')

/** An item is known by its kind and name. A route is called like the connector that it leads from, which has one. */
export const itemReference = z.object({ kind: itemKind, name: z.string() })
export type ItemReference = z.infer<typeof itemReference>

export const item = itemReference.extend({
  version: z.int().describe('1, 2, 3, …, without a gap; deletions count'),
  content,
  changedAt: moment,
  changedBy: person,
  deletedAt: moment.nullable(),
  published: z.int().nullable().describe('The version that the newest release has; null when it has none'),
  differs: z.boolean().describe('Whether publishing it would change something'),
  refusedBy: z
    .array(z.string())
    .describe(
      'Names of the runtimes that refused the newest release, and so have this item otherwise, or not at all, or still',
    ),
})
export type Item = z.infer<typeof item>

export const itemUse = itemReference.extend({ pointer: z.string().describe('The place in its content that names it') })
export type ItemUse = z.infer<typeof itemUse>

export const itemWithUses = item.extend({
  usedBy: z.array(itemUse).describe('What names it, and breaks when it goes'),
})

export const itemList = z.object({ data: z.array(item) })

export const itemQuery = z.strictObject({
  kind: itemKind.optional(),
  search: z.string().max(200).default('').describe('In the name and in all texts of the content'),
  deleted: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Those that were deleted, instead of those that are there'),
})

const reason = z
  .string()
  .trim()
  .max(1_000)
  .transform((text) => (text === '' ? null : text))
  .nullable()
  .default(null)
const base = z.int().min(1).describe('The version that was changed; another one there now is a version_conflict')
const name = z.string().max(64)

export const itemCreation = z.strictObject({ kind: itemKind, name, content, reason })
export const itemSaving = z.strictObject({ base, content, reason })
export const itemRenaming = z.strictObject({ base, name, reason })
export const itemRestoring = z.strictObject({
  version: z.int().min(1).optional().describe('Whose content comes back. Default, for what was deleted: the last'),
  base: base.optional(),
  reason,
})
/** In the address, since a DELETE has no body. */
export const itemDeletion = z.strictObject({ base: z.coerce.number().pipe(base), reason })

export const itemRenamed = z.object({
  item,
  followed: z.array(itemReference.extend({ version: z.int() })).describe('What named it, and has a new version for it'),
})

export const itemVersion = z.object({
  n: z.int(),
  author: person,
  at: moment,
  reason: z.string().nullable(),
  deleted: z.boolean(),
})
export const itemVersionList = z.object({ data: z.array(itemVersion).describe('Newest first') })
export const itemVersionWithContent = itemVersion.extend({ content })
export const versionDifference = z.object({
  from: z.int(),
  to: z.int(),
  difference: z.array(fieldDifference),
})
export const versionDifferenceQuery = z.strictObject({
  from: z.coerce.number().int().min(1),
  to: z.coerce.number().int().min(1),
})

/** Which version of each item a release has, as it is kept with the release. */
export const releasedItems = z.array(itemReference.extend({ version: z.int() }))
