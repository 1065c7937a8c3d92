/** Whether a release may be looked at further: who made it, for whom, and whether it is what they made. */
import { AsyncvError, type Problem } from '../errors.ts'
import { pointerTo } from '../internal/pointer.ts'
import { readJson } from '../internal/read-json.ts'
import type { StoredRelease } from '../release-store.ts'
import { type ReleaseEnvelope, releaseEnvelope } from '../schemas/release.ts'
import type { Trust } from '../trusted.ts'
import { hashOf } from '../internal/document-hash.ts'
import { isSignedBy } from './envelope.ts'
import { filePublisher } from './trust.ts'

/** Throws `input_invalid` with its places. */
export function parseEnvelope(value: unknown): ReleaseEnvelope {
  const parsed = releaseEnvelope.safeParse(value)
  if (parsed.success) return parsed.data
  const problems: Problem[] = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ pointer: pointerTo(['envelope', ...issue.path, key]), detail: 'unknown key' }))
      : [{ pointer: pointerTo(['envelope', ...issue.path]), detail: issue.message }],
  )
  const [first] = problems
  throw new AsyncvError('input_invalid', `${first?.pointer}: ${first?.detail}.`, { problems })
}

/** Throws `release_untrusted`, or `trust_unusable`. */
export function admit(envelope: ReleaseEnvelope, document: unknown, audience: string, trust: Trust): void {
  const { publisher } = envelope
  if (publisher === filePublisher) {
    throw untrusted(`Nobody but this host publishes as "${filePublisher}".`, 'Publish under another name.')
  }
  const known = trust.publishers().find(({ name }) => name === publisher)
  if (known === undefined) {
    throw untrusted(
      `The publisher "${publisher}" is not trusted here.`,
      'Trust it on the host of this runtime: asyncv trust add NAME KEY.',
    )
  }
  if (!isSignedBy(envelope, known.publicKey)) {
    throw untrusted(
      `The envelope is not signed by the key of "${publisher}" that is trusted here (${known.fingerprint}).`,
      'It was changed on its way, or its publisher has another key now: compare fingerprints, and trust the new one.',
    )
  }
  if (envelope.audience !== audience) {
    throw untrusted(
      `The release is for the runtime ${envelope.audience}; this one is ${audience}.`,
      'Publish it for this runtime.',
    )
  }
  const hash = hashOf(document)
  if (envelope.hash !== hash) {
    throw untrusted(
      `The document’s hash is ${hash}, and the envelope says ${envelope.hash}.`,
      'The document was changed on its way; publish it again.',
    )
  }
}

/**
 * Why a release of the database is not what its publisher has signed; null when it is. A publisher that is trusted no longer,
 * or has another key since, cannot be asked.
 */
export function forgery({ document, hash, envelope, ...row }: StoredRelease, trust: Trust): string | null {
  const read = readJson(document)
  if (read === undefined) return 'was changed in the database: its document is no JSON'
  const found = hashOf(read)
  if (found !== hash) return `was changed in the database: its hash is ${found}, and ${hash} was applied`
  const same = (['publisher', 'sequence', 'parentHash', 'createdAt'] as const).every(
    (name) => envelope?.[name] === row[name],
  )
  if (envelope === null || envelope.hash !== hash || !same)
    return 'was changed in the database: its envelope is not its own'
  const key = keyOf(row, trust)
  if (key === null || isSignedBy(envelope, key)) return null
  return `was changed in the database: its envelope is not signed by the key of "${row.publisher}"`
}

/** The key that it was admitted by, where that is still trusted. */
function keyOf({ publisher, appliedAt }: Pick<StoredRelease, 'publisher' | 'appliedAt'>, trust: Trust): string | null {
  try {
    const known = trust.publishers().find(({ name, addedAt }) => name === publisher && addedAt <= appliedAt)
    return known?.publicKey ?? null
  } catch {
    // A list that is unusable lets nothing new in, and takes nothing away.
    return null
  }
}

function untrusted(message: string, hint: string): AsyncvError {
  return new AsyncvError('release_untrusted', message, { hint })
}
