/**
 * A release: the part of a configuration that can be moved from one host to another, as one JSON document, and the envelope
 * that says who made it, for which runtime, and after which other. Safe in a browser.
 */
import { z } from 'zod'
import type { Problem } from '../errors.ts'
import { suggestion } from '../internal/nearest.ts'
import { pointerTo } from '../internal/pointer.ts'
import { agentLimits, partName } from './config.ts'

/** The form of documents that this version knows. Raised with each field that is added. */
export const releaseSchemaVersion = 1

/** Each part costs a look at all of its options, while messages wait. */
const mostParts = 1_000

const names = z
  .record(z.string().regex(partName, 'use 1 to 64 letters, digits, "_" or "-"'), z.unknown())
  .refine((parts) => Object.keys(parts).length <= mostParts, `has more than ${mostParts} parts`)

/** A part by its type. What its options are, its definition says. */
const part = z.strictObject({
  type: z.string().min(1).max(64),
  options: z.record(z.string(), z.unknown()).default({}),
})

const models = 'write a model, such as "main/gpt-5-mini", or a list of 1 to 10 of them'

const agent = z.strictObject({
  name: z.string().regex(partName, 'use 1 to 64 letters, digits, "_" or "-"'),
  model: z.union([z.string(), z.array(z.string()).min(1, models).max(10, models)], { error: models }),
  instructions: z.string().max(200_000).optional(),
  tools: z.array(z.string()).max(200).optional().describe('Names; their code is the plugins’ or the program’s'),
  whenBusy: z.enum(['steer', 'queue']).nullish(),
  limits: agentLimits.optional(),
})

/** What a release says. */
export const releaseDocument = z
  .strictObject({
    schemaVersion: z.literal(releaseSchemaVersion),
    agents: z.array(agent).max(1_000).default([]),
    routes: z
      .array(z.strictObject({ connector: z.string(), agent: z.string() }))
      .max(1_000)
      .default([]),
    providers: names.pipe(z.record(z.string(), part)).default({}),
    connectors: names.pipe(z.record(z.string(), part)).default({}),
  })
  .meta({ id: 'ReleaseDocument' })

export type ReleaseDocument = z.output<typeof releaseDocument>

/** `sha256:` and 64 hexadecimal digits: of the canonical form (RFC 8785) of a document. */
export const releaseHash = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'expected "sha256:" and 64 hexadecimal digits')
  .meta({ example: `sha256:${'0'.repeat(64)}` })

/** Who made a release, for whom and when. */
export const releaseEnvelope = z
  .strictObject({
    hash: releaseHash.describe('Of the document'),
    parentHash: releaseHash
      .nullable()
      .describe('Of the release that is in force when this one is applied; null for none'),
    audience: z.string().min(1).max(100).describe('The runtime it is for'),
    publisher: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'use 1 to 64 lowercase letters, digits, ".", "_" or "-"')
      .describe('As the trust list of that runtime names it')
      .meta({ example: 'command' }),
    sequence: z.int().min(1).describe('Above that of every earlier release of this publisher'),
    createdAt: z.int().min(0).describe('ms since the epoch'),
    signature: z
      .string()
      .regex(/^[A-Za-z0-9+/]{86}==$/, 'expected 64 bytes in base64')
      .describe('Ed25519 over the canonical form (RFC 8785) of all the rest of the envelope; base64'),
  })
  .meta({ id: 'ReleaseEnvelope' })

export type ReleaseEnvelope = z.output<typeof releaseEnvelope>

/** The schema version that brought each field of a document. */
const since: Readonly<Record<string, number>> = {
  schemaVersion: 1,
  agents: 1,
  routes: 1,
  providers: 1,
  connectors: 1,
}

/** What belongs to the host: a release that could say it would run programs there, or move what others rely on. */
const ofTheHost = ['storage', 'server', 'plugins', 'tools', 'releases']

/** What is wrong with the form of a document; empty when nothing is. `known` is the version to judge by. */
export function documentProblems(document: unknown, known = releaseSchemaVersion, fields = since): Problem[] {
  const version: unknown = (Object(document) as { schemaVersion?: unknown }).schemaVersion
  if (typeof version === 'number' && Number.isInteger(version) && version > known) {
    const newer = newerFields(document, fields).map((key) => ({
      pointer: pointerTo([key]),
      detail: `unknown to this asyncv; needs one that knows schemaVersion ${version}`,
    }))
    const detail = `needs an asyncv that knows schemaVersion ${version}; this one knows ${known}`
    return [{ pointer: '/schemaVersion', detail }, ...newer]
  }
  const early = Object.entries(fields)
    .filter(([key, from]) => typeof version === 'number' && from > version && Object.hasOwn(Object(document), key))
    .map(([key, from]) => ({
      pointer: pointerTo([key]),
      detail: `is a field of schemaVersion ${from}; the document says ${version}`,
    }))
  const parsed = releaseDocument.safeParse(document)
  return [...early, ...(parsed.error?.issues ?? []).flatMap((issue) => problemsOf(issue))]
}

function newerFields(document: unknown, fields: Readonly<Record<string, number>>): string[] {
  return Object.keys(Object(document) as object).filter((key) => fields[key] === undefined)
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => ({ pointer: pointerTo(issue.path), detail: message }))
  }
  if (issue.code !== 'unrecognized_keys') return [{ pointer: pointerTo(issue.path), detail: issue.message }]
  return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), detail: unknownKey(key, issue.path) }))
}

function unknownKey(key: string, path: readonly PropertyKey[]): string {
  if (path.length === 0 && ofTheHost.includes(key)) {
    return 'belongs to the host: only the operator’s own file or program says it, never a release'
  }
  const fields = path.length === 0 ? Object.keys(since) : path[0] === 'agents' ? Object.keys(agent.shape) : []
  const near = fields.length === 0 || path.length > 2 ? '' : suggestion(key, fields)
  return `no schemaVersion up to ${releaseSchemaVersion} has this field.${near}`
}

const actor = z.object({ id: z.string().meta({ example: 'operator' }), name: z.string().nullable() })

/** What is told of a release without its document. */
export const releaseSummary = z
  .object({
    revision: z.int().describe('The runtime’s number for it; the highest is in force'),
    hash: releaseHash,
    envelope: releaseEnvelope.nullable().describe('Null for what the operator’s own file says'),
    publisher: z.string(),
    sequence: z.int(),
    parentHash: releaseHash.nullable(),
    forced: z.boolean().describe('Its sequence was not above its publisher’s last'),
    createdAt: z.int().describe('ms since the epoch'),
    appliedAt: z.int().describe('ms since the epoch'),
    by: actor.describe('Who had it applied'),
  })
  .meta({ id: 'ReleaseSummary' })

export const wholeRelease = releaseSummary
  .extend({ document: z.record(z.string(), z.unknown()).describe('A ReleaseDocument') })
  .meta({ id: 'Release' })

const releaseProblems = z.array(
  z.object({ pointer: z.string().describe('A JSON pointer (RFC 6901) into the document'), detail: z.string() }),
)

/** What a runtime is by its releases. */
export const releaseState = z
  .object({
    runtime: z.string().describe('The audience of releases for it'),
    current: wholeRelease.nullable(),
    sequences: z
      .array(z.object({ publisher: z.string(), last: z.int() }))
      .describe('Of each publisher that had a release applied; its next one needs a higher sequence'),
    problems: releaseProblems
      .nullable()
      .describe('Why the current release is not in force since the last start; null when it is'),
    fileInForce: z
      .boolean()
      .nullable()
      .describe('Whether what the operator’s own file said when it was read is in force; null when there is none'),
    trusted: z
      .array(z.object({ name: z.string(), fingerprint: z.string() }))
      .nullable()
      .describe('Whose releases it takes, by the fingerprints of their keys; null while its trust list cannot be used'),
  })
  .meta({ id: 'ReleaseState' })

export const releaseRequest = z
  .strictObject({
    envelope: z.record(z.string(), z.unknown()).describe('A ReleaseEnvelope'),
    document: z.record(z.string(), z.unknown()).describe('A ReleaseDocument'),
  })
  .meta({ id: 'ReleaseRequest' })

export const releaseCheckRequest = z
  .strictObject({ document: z.record(z.string(), z.unknown()).describe('A ReleaseDocument') })
  .meta({ id: 'ReleaseCheckRequest' })

/** A message for an agent of a document that is not in force. */
export const previewRequest = z
  .strictObject({
    document: z.record(z.string(), z.unknown()).describe('A ReleaseDocument'),
    agent: z.string().optional().describe('Default: the only one of the document'),
    text: z.string().min(1).max(200_000),
    history: z
      .array(z.strictObject({ role: z.enum(['user', 'assistant']), text: z.string() }))
      .max(200)
      .optional()
      .describe('What was said before, oldest first'),
  })
  .meta({ id: 'PreviewRequest' })

export const releaseCheck = z
  .object({
    hash: releaseHash.describe('Of the document'),
    problems: releaseProblems.describe('Empty when it could be applied'),
    connectors: z
      .object({
        kept: z.array(z.string()).describe('They stay connected'),
        restarted: z.array(z.string()),
        started: z.array(z.string()),
        stopped: z.array(z.string()),
      })
      .describe('By name; empty lists when it could not be applied'),
  })
  .meta({ id: 'ReleaseCheck' })
