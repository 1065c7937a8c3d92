/** Releases, as the web app asks for them. */
import { z } from 'zod'
import { itemKind, itemReference, releasedItems } from './item.ts'
import { itemProblem } from './item-change.ts'
import { fieldDifference } from './item-difference.ts'

const itemRef = z.strictObject({
  kind: itemKind,
  name: z.string().min(1).max(64),
  version: z
    .int()
    .min(1)
    .optional()
    .describe('Which was looked at: another one saved meanwhile is a version_conflict. Default: whichever it is'),
})

const summary = z.string().trim().min(1, 'say what this release is for').max(2_000)
const runtimes = z.array(z.string()).min(1).max(1_000).optional().describe('Ids. Default: all that are connected')
const anyway = z
  .boolean()
  .optional()
  .describe('Although a runtime says that it would refuse it: it is published to the others. Default false')

const force = z
  .boolean()
  .optional()
  .describe('Over what a runtime has, though it drifted or has seen later releases of this Studio. Default false')

export const publishRequest = z.strictObject({
  items: z
    .union([z.literal('all'), z.array(itemRef).min(1).max(5_000)])
    .describe('Those whose changes are published; the others stay as the newest release has them'),
  summary,
  runtimes,
  anyway,
  force,
})

export const rollBackRequest = z.strictObject({ summary, runtimes, anyway, force })

export const releaseCheckRequest = publishRequest.pick({ items: true, runtimes: true })

/** What would become of a release, before anybody publishes it. */
export const releaseVerdict = z.object({
  errors: z.array(
    itemProblem.extend({ runtime: z.string().nullable().describe('Whose verdict it is; null for Studio’s own') }),
  ),
  against: z.array(z.string()).describe('Runtimes that would refuse it'),
  unchecked: z.array(z.string()).describe('Runtimes that could not be asked; they get it when they are back'),
})

export const retryRequest = z.strictObject({ force })

export const targetProblem = z.object({
  code: z.string().describe('As the runtime says it; `release_rewound` and `release_drifted` are Studio’s'),
  detail: z.string(),
  hint: z.string().optional(),
  errors: z.array(itemProblem).optional(),
  wayOut: z.enum(['force', 'retry']).optional().describe('What a retry has to say to go on'),
  inForce: z
    .object({ revision: z.int(), hash: z.string(), publisher: z.string(), appliedAt: z.int() })
    .nullish()
    .describe('What the runtime has instead; null for nothing'),
})

export const releaseTarget = z.object({
  runtime: z.string(),
  runtimeName: z.string(),
  state: z.enum(['pending', 'applied', 'refused', 'drifted', 'superseded']),
  attempts: z.int(),
  nextAt: z.int().nullable().describe('ms since the epoch; when it is tried again'),
  revision: z.int().nullable().describe('The runtime’s number for it'),
  problem: targetProblem.nullable(),
  changedAt: z.int(),
})

export const releaseInList = z.object({
  n: z.int(),
  hash: z.string(),
  summary: z.string(),
  author: z.object({ id: z.string(), name: z.string() }),
  at: z.int(),
  rollsBackTo: z.int().nullable(),
  targets: z.array(releaseTarget),
})

export const itemDifference = itemReference.extend({
  change: z.enum(['created', 'changed', 'deleted']),
  difference: z.array(fieldDifference),
})

export const releaseComparison = z.object({ from: z.int().nullable(), to: z.int(), changes: z.array(itemDifference) })

export const wholeStudioRelease = releaseInList.extend({
  document: z.record(z.string(), z.unknown()),
  items: releasedItems,
  changes: z.array(itemDifference).describe('Against the release before'),
})

/** What was published, and what that did besides. */
export const publishedRelease = z.object({
  release: wholeStudioRelease,
  unchecked: z.array(z.string()).describe('Runtimes that could not be asked before'),
  left: z.array(z.string()).describe('Runtimes that it was not published to, since they would refuse it'),
  laidAside: releasedItems.describe('Unpublished versions that a roll-back went behind; they are kept'),
})

/** What a roll-back would do, as things are. */
export const rollBackPreview = releaseComparison.extend({
  laidAside: releasedItems.describe('Unpublished versions that it would go behind; they are kept'),
  verdict: releaseVerdict,
})

/** Newest first. */
export const releaseQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.coerce.number().int().min(1).optional(),
})

export const releaseNumber = z.coerce.number<unknown>().int().min(1).max(Number.MAX_SAFE_INTEGER)

export const releasePage = z.object({ data: z.array(releaseInList), nextCursor: z.string().nullable() })

export const compareQuery = z.strictObject({
  from: z.coerce.number().int().min(0).describe('0 for what was before the first'),
  to: z.coerce.number().int().min(1),
})
