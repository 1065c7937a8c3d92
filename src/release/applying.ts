/**
 * How a release takes the place of another. It is received, looked at, switched to and acknowledged, one at a time and in turn
 * with whoever starts and stops connectors. Until its commit nothing has changed but connections, which are put back when
 * anything fails; the commit makes it the one that a restart begins with; right after it, in the same turn of the event loop,
 * it answers whatever begins from then on. A death at any point leaves the one or the other in force, as a whole.
 */
import { type Actor, theProgram } from '../audit.ts'
import { AsyncvError, toErrorRecord } from '../errors.ts'
import { canonicalJson } from '../internal/canonical-json.ts'
import { notAbove, notParent, type ReleaseDraft, type StoredRelease } from '../release-store.ts'
import type { ApplyOptions } from '../releasing.ts'
import type { Runtime } from '../runtime.ts'
import type { ReleaseEnvelope } from '../schemas/release.ts'
import type { Storage } from '../storage.ts'
import { admit, parseEnvelope } from './admission.ts'
import type { Composed } from './compose.ts'
import type { ReleaseInForce } from './in-force.ts'
import type { ReleasePorts } from './ports.ts'
import type { RefusedReleases } from './refused.ts'
import { changed, invalid, leaving } from './refusals.ts'
import { switchConnectors } from './switch.ts'
import { nobody } from './trust.ts'

/** How long the connectors of a release may take to start, all together. ms. */
const startMs = 60_000

export interface ApplyPorts extends ReleasePorts {
  release: ReleaseInForce
  refused: RefusedReleases
}

type Conditions = Required<Pick<ApplyOptions, 'force' | 'by'>> & { ifMatch: ApplyOptions['ifMatch'] }

/** `Releases.apply`, on a runtime that takes releases. */
export async function applyRelease(
  { envelope: given, document }: { envelope: unknown; document: unknown },
  { force = false, ifMatch, by = theProgram }: ApplyOptions,
  runtime: Runtime,
  ports: ApplyPorts,
): Promise<StoredRelease> {
  await ports.hook?.('release.received')
  const envelope = parseEnvelope(given)
  const applied = await runtime.inTurn({ what: 'release', name: envelope.publisher }, async () => {
    try {
      return await apply(envelope, document, { force, ifMatch, by }, runtime, ports)
    } catch (error) {
      await writeDown(envelope, error, by, runtime.storage, ports)
      throw error
    }
  })
  await ports.hook?.('release.acknowledge')
  return applied
}

async function apply(
  envelope: ReleaseEnvelope,
  document: unknown,
  { force, ifMatch, by }: Conditions,
  runtime: Runtime,
  ports: ApplyPorts,
): Promise<StoredRelease> {
  const { release, options } = ports
  const { clock, releases } = options
  const { storage } = runtime
  const { hash, parentHash, publisher, sequence, createdAt } = envelope
  admit(envelope, document, release.runtimeId, releases?.trust ?? nobody)
  // The object may change while this waits; what was signed is this text.
  const text = canonicalJson(document)
  const { current } = release
  if (current?.publisher === publisher && current.hash === hash && release.problems === null) {
    if (sequence > current.sequence) await storage.noteSequence(publisher, sequence, clock.now())
    return current
  }
  const now = current?.hash ?? null
  if (ifMatch !== undefined && ifMatch !== now) throw changed(ifMatch, now)
  if (parentHash !== now) throw notParent(envelope, now)
  const last = (await storage.sequences()).find((one) => one.publisher === publisher)?.last ?? 0
  if (sequence <= last && !force) throw notAbove(envelope, last)
  const composed = (await release.composer())(JSON.parse(text), await storage.grantsOf(hash))
  if ('problems' in composed) {
    await release.discard(composed.fresh)
    throw invalid(composed.problems)
  }
  const draft: ReleaseDraft = {
    hash,
    document: text,
    envelope,
    publisher,
    sequence,
    parentHash,
    forced: sequence <= last,
    createdAt,
    appliedAt: clock.now(),
    grants: composed.grants,
    by,
  }
  try {
    return await switchTo(composed, draft, runtime, ports)
  } catch (error) {
    await release.discard(composed.fresh)
    throw error
  }
}

async function switchTo(
  composed: Composed,
  draft: ReleaseDraft,
  runtime: Runtime,
  { options, inForce, hook, release }: ApplyPorts,
): Promise<StoredRelease> {
  const { clock, logger } = options
  const late = new AbortController()
  const cancel = clock.after(startMs, () => late.abort())
  const commit = async (): Promise<StoredRelease> => {
    await hook?.('release.connected')
    if (runtime.draining) throw leaving()
    const stored = await runtime.storage.applyRelease(draft)
    // Nothing is awaited between the two.
    release.put(stored, composed)
    runtime.goOn()
    return stored
  }
  try {
    const stored = await switchConnectors(inForce.connectors, composed.parts.connectors, commit, {
      connections: runtime.connections,
      logger,
      clock,
      hurry: AbortSignal.any([runtime.leaving, late.signal]),
      leaving: runtime.leaving,
      late: (name) =>
        runtime.leaving.aborted
          ? leaving()
          : new AsyncvError('connector_failed', `Connector "${name}" had not started within ${startMs / 1_000} s.`),
      admitted: runtime.admitted,
      tryAgain: (name, connector, why) => runtime.reconnecting.begin(name, connector, why),
      hide: (text) => options.vault.hide(text),
    })
    await hook?.('release.swapped')
    logger.info({ revision: stored.revision, publisher: stored.publisher, hash: stored.hash }, 'release applied')
    return stored
  } finally {
    cancel()
  }
}

/** A refusal is written down, whoever sent it; a disk that does not take that says so itself. */
async function writeDown(
  envelope: ReleaseEnvelope,
  error: unknown,
  by: Actor,
  storage: Storage,
  { options, refused }: ApplyPorts,
): Promise<void> {
  const { code } = toErrorRecord(error)
  if (code === 'not_running' || code === 'storage_failed') return
  await refused.writeDown(envelope, code, by, options.clock.now(), storage)
}
