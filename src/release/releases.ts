/**
 * The releases of a runtime: which one is in force, and how another takes its place.
 *
 * A release is received, looked at, switched to and acknowledged, one at a time and in turn with whoever starts and stops
 * connectors. Until its commit nothing has changed but connections, which are put back when anything fails; the commit makes it
 * the one that a restart begins with; right after it, in the same turn of the event loop, it answers whatever begins from then
 * on. A death at any point leaves the one or the other in force, as a whole.
 */
import { type Actor, theProgram } from '../audit.ts'
import type { ResolvedOptions } from '../config.ts'
import type { Connector } from '../connector.ts'
import { AsyncvError, type Problem, toErrorRecord } from '../errors.ts'
import { atMost, closeMs } from '../internal/abandoning.ts'
import type { PageRequest } from '../page.ts'
import type { PartDefinition } from '../part-making.ts'
import type { Parts, PartsInForce } from '../parts-in-force.ts'
import type { Provider } from '../provider.ts'
import { notAbove, notParent, type ReleaseDraft, type StoredRelease } from '../release-store.ts'
import type {
  ApplyOptions,
  PreviewEvent,
  PreviewInput,
  ReleaseCheck,
  Releases,
  ReleaseState,
  WholeRelease,
} from '../releasing.ts'
import type { RunnableAgent } from '../run/ports.ts'
import type { Runtime } from '../runtime.ts'
import { type ReleaseDocument, type ReleaseEnvelope, releaseDocument } from '../schemas/release.ts'
import type { Storage } from '../storage.ts'
import type { TrustChange } from '../trusted.ts'
import { canonicalJson } from '../internal/canonical-json.ts'
import { admit, parseEnvelope } from './admission.ts'
import {
  type Code,
  codeOf,
  compose,
  type ComposePorts,
  type Composed,
  keyOf,
  type Made,
  madeByFile,
} from './compose.ts'
import { hashOf } from './envelope.ts'
import { preview } from './preview.ts'
import { changesOf, switchConnectors } from './switch.ts'
import { filePublisher } from './trust.ts'
import { trustDeed } from './trust-deed.ts'

/** How long the connectors of a release may take to start, all together. ms. */
const startMs = 60_000

export interface ReleasePorts {
  /** What the runtime was built with, whatever is in force. */
  options: ResolvedOptions
  inForce: PartsInForce
  running(): Runtime
  builtIn(): Promise<readonly PartDefinition[]>
  wrap: ComposePorts['wrap']
  /** Called at points of a release's way; what crash tests kill at. */
  hook: ((point: string) => void | Promise<void>) | null
}

const nobody = { publishers: () => [] }

export class ReleaseKeeper implements Releases {
  readonly #ports: ReleasePorts
  readonly #code: Code
  readonly #initial: Parts
  #runtimeId = ''
  #made: Made
  #current: StoredRelease | null = null
  #problems: readonly Problem[] | null = null
  /** Ends of parts that were replaced, and are closed when no task uses them any more. */
  readonly #retiring = new Set<Promise<void>>()

  constructor(ports: ReleasePorts) {
    this.#ports = ports
    this.#code = codeOf(ports.options)
    this.#initial = ports.inForce.parts
    this.#made = madeByFile(ports.options)
  }

  /** Whether another publisher's release is to be in force, and what the operator's file names need not be there. */
  async replacesFile(storage: Storage): Promise<boolean> {
    if (this.#ports.options.releases === null) return false
    const publisher = (await storage.currentRelease())?.publisher ?? filePublisher
    return publisher !== filePublisher
  }

  /** Before anything connects: what was in force at the end of the last run is in force again. */
  async open(storage: Storage): Promise<void> {
    const { options, inForce } = this.#ports
    const { clock, logger, releases } = options
    void inForce.swap(this.#initial)
    this.#made = madeByFile(options)
    this.#problems = null
    this.#current = null
    if (releases === null) return
    this.#runtimeId = await storage.runtimeId(clock.id(), clock.now())
    const current = await storage.currentRelease()
    this.#current = current
    if (current === null || current.publisher === filePublisher) return
    const { revision, publisher } = current
    const composed = await this.#compose(JSON.parse(current.document))
    if ('problems' in composed) {
      await this.#discard(composed.made)
      this.#problems = composed.problems
      logger.error(
        { revision, publisher, problems: composed.problems },
        'the release that was in force cannot be applied any more; the runtime starts with what its code and file say',
      )
      return
    }
    void inForce.swap(composed.parts)
    this.#made = composed.made
    if (releases.file === undefined || hashOf(releases.file) === current.hash) return
    logger.warn(
      { revision, publisher },
      'what the configuration file says of agents, routes, connectors and providers is not in force: a release is. To go back to the file, deploy it: asyncv deploy',
    )
  }

  /** Once the runtime has started: what the operator's file says is a release as well, unless another publisher's is in force. */
  async started(storage: Storage): Promise<void> {
    const { clock, releases } = this.#ports.options
    const file = releases?.file
    const current = this.#current
    if (file === undefined || (current !== null && current.publisher !== filePublisher)) return
    const hash = hashOf(file)
    if (hash === current?.hash) return
    const last = (await storage.sequences()).find(({ publisher }) => publisher === filePublisher)?.last ?? 0
    const at = clock.now()
    this.#current = await storage.applyRelease({
      hash,
      document: canonicalJson(file),
      envelope: null,
      publisher: filePublisher,
      sequence: last + 1,
      parentHash: current?.hash ?? null,
      forced: false,
      createdAt: at,
      appliedAt: at,
      by: theProgram,
    })
  }

  /** A connector of a release that does not start keeps nobody from starting: only another release can mend it. */
  spares(connector: string): boolean {
    return this.#code.connectors.get(connector) === undefined && this.#isReleased()
  }

  /** What readiness says of it; null where there is nothing to say. */
  readiness(): { name: string; ok: boolean; detail: string } | null {
    if (!this.#hasOwn()) return null
    const { revision, publisher } = this.#current as StoredRelease // that is what it has
    const name = 'release'
    if (this.#problems !== null) {
      const [first] = this.#problems
      const why = `${first?.pointer || 'the document'}: ${first?.detail}`
      const detail = `revision ${revision} of publisher "${publisher}" cannot be applied any more, and is not in force: ${why}`
      return { name, ok: false, detail }
    }
    const file = this.#fileNote()
    return { name, ok: true, detail: `revision ${revision} of publisher "${publisher}" is in force${file}` }
  }

  #fileNote(): string {
    const file = this.#ports.options.releases?.file
    if (file === undefined) return ''
    if (hashOf(file) === this.#current?.hash) return '; the configuration file says the same'
    return '; the configuration file’s part is not: "asyncv deploy" puts it in force'
  }

  /** After the last attempt has ended. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#retiring)
    const { options, inForce } = this.#ports
    const providers = new Set([...options.providers.values(), ...inForce.providers.values()])
    await Promise.allSettled([...providers].map((provider) => this.#closed(provider)))
  }

  async state(): Promise<ReleaseState> {
    const { storage } = this.#enabled()
    const { file } = this.#ports.options.releases ?? {}
    return {
      runtime: this.#runtimeId,
      current: this.#current === null ? null : whole(this.#current),
      sequences: await storage.sequences(),
      problems: this.#problems,
      fileInForce: file === undefined ? null : !this.#isReleased(),
    }
  }

  async list(page: PageRequest = {}): ReturnType<Releases['list']> {
    return this.#enabled().storage.releases(page)
  }

  async get(revision: number): Promise<WholeRelease> {
    const { storage } = this.#enabled()
    const found = Number.isSafeInteger(revision) ? await storage.release(revision) : null
    if (found !== null) return whole(found)
    throw new AsyncvError('release_unknown', `There is no release ${revision}.`, {
      hint: 'See "asyncv releases"; the last 1,000 are kept.',
    })
  }

  async check(document: unknown): Promise<ReleaseCheck> {
    this.#enabled()
    const hash = hashOf(document)
    const composed = await this.#compose(document)
    await this.#discard(composed.made)
    if ('problems' in composed) {
      return { hash, problems: composed.problems, connectors: { kept: [], restarted: [], started: [], stopped: [] } }
    }
    return { hash, problems: [], connectors: changesOf(this.#ports.inForce.connectors, composed.parts.connectors) }
  }

  async *preview(input: PreviewInput, { signal }: { signal?: AbortSignal } = {}): AsyncGenerator<PreviewEvent> {
    const runtime = this.#enabled()
    const { document, agent: named, text } = input
    if (text.trim() === '') {
      throw new AsyncvError('input_invalid', 'The message has no text.', { hint: 'Write at least one character.' })
    }
    const composed = await this.#compose(document)
    try {
      if ('problems' in composed) throw invalid(composed.problems)
      const ended = AbortSignal.any([runtime.leaving, ...(signal === undefined ? [] : [signal])])
      yield* preview(draftAgent(composed.parts, document, named), input, this.#ports.options, ended)
    } finally {
      await this.#discard(composed.made)
    }
  }

  async apply(
    { envelope: given, document }: { envelope: unknown; document: unknown },
    { force = false, ifMatch, by = theProgram }: ApplyOptions = {},
  ): Promise<WholeRelease> {
    const runtime = this.#enabled()
    await this.#ports.hook?.('release.received')
    const envelope = parseEnvelope(given)
    const applied = await runtime.inTurn(async () => {
      try {
        return await this.#apply(envelope, document, { force, ifMatch, by }, runtime)
      } catch (error) {
        await this.#writeDown(envelope, error, by, runtime.storage)
        throw error
      }
    })
    await this.#ports.hook?.('release.acknowledge')
    return whole(applied)
  }

  async trustChanged(change: TrustChange, by: Actor = theProgram): Promise<void> {
    const { storage } = this.#enabled()
    const { releases, clock } = this.#ports.options
    const { action, publisher, fingerprint } = change
    const listed = (releases?.trust ?? nobody)
      .publishers()
      .some((one) => one.name === publisher && one.fingerprint === fingerprint)
    if (listed !== (action === 'trust.added')) {
      const says = listed ? 'still has' : 'does not have'
      throw new AsyncvError('state_conflict', `The trust list ${says} "${publisher}" with the key ${fingerprint}.`, {
        hint: 'Change it on this host first: asyncv trust.',
      })
    }
    await storage.writeDown(trustDeed(change, by, clock.now()))
  }

  async #apply(
    envelope: ReleaseEnvelope,
    document: unknown,
    { force, ifMatch, by }: Required<Pick<ApplyOptions, 'force' | 'by'>> & { ifMatch: ApplyOptions['ifMatch'] },
    runtime: Runtime,
  ): Promise<StoredRelease> {
    const { clock, releases } = this.#ports.options
    const { storage } = runtime
    const { hash, parentHash, publisher, sequence, createdAt } = envelope
    admit(envelope, document, this.#runtimeId, releases?.trust ?? nobody)
    const current = this.#current
    if (current?.publisher === publisher && current.hash === hash && this.#problems === null) {
      if (sequence > current.sequence) await storage.noteSequence(publisher, sequence, clock.now())
      return current
    }
    const now = current?.hash ?? null
    if (ifMatch !== undefined && ifMatch !== now) throw changed(ifMatch, now)
    if (parentHash !== now) throw notParent(envelope, now)
    const last = (await storage.sequences()).find((one) => one.publisher === publisher)?.last ?? 0
    if (sequence <= last && !force) throw notAbove(envelope, last)
    const composed = await this.#compose(document)
    if ('problems' in composed) {
      await this.#discard(composed.made)
      throw invalid(composed.problems)
    }
    const draft: ReleaseDraft = {
      hash,
      document: canonicalJson(document),
      envelope,
      publisher,
      sequence,
      parentHash,
      forced: sequence <= last,
      createdAt,
      appliedAt: clock.now(),
      by,
    }
    try {
      return await this.#switch(composed, draft, runtime)
    } catch (error) {
      await this.#discard(composed.made)
      throw error
    }
  }

  async #switch({ parts, made }: Composed, draft: ReleaseDraft, runtime: Runtime): Promise<StoredRelease> {
    const { options, inForce, hook } = this.#ports
    const { clock, logger } = options
    const late = new AbortController()
    const cancel = clock.after(startMs, () => late.abort())
    const before = this.#made
    const commit = async (): Promise<StoredRelease> => {
      await hook?.('release.connected')
      if (runtime.draining) throw leaving()
      const stored = await runtime.storage.applyRelease(draft)
      // From here to the end of the turn nothing is awaited: nobody sees a part of it.
      const unused = inForce.swap(parts)
      this.#made = made
      this.#current = stored
      this.#problems = null
      this.#retire(before, unused)
      return stored
    }
    try {
      const stored = await switchConnectors(inForce.connectors, parts.connectors, commit, {
        connections: runtime.connections,
        logger,
        hurry: AbortSignal.any([runtime.leaving, late.signal]),
        leaving: runtime.leaving,
        late: (name) =>
          runtime.leaving.aborted
            ? leaving()
            : new AsyncvError('connector_failed', `Connector "${name}" had not started within ${startMs / 1_000} s.`),
        admitted: runtime.admitted,
      })
      await hook?.('release.swapped')
      logger.info({ revision: stored.revision, publisher: stored.publisher, hash: stored.hash }, 'release applied')
      return stored
    } finally {
      cancel()
    }
  }

  async #compose(document: unknown): Promise<ReturnType<typeof compose>> {
    const { options, wrap, builtIn } = this.#ports
    const { vault, releases, plugins } = options
    const brought = plugins.flatMap(({ definitions }) => definitions)
    const others = (await builtIn()).filter(
      ({ kind, type }) => !brought.some((one) => one.kind === kind && one.type === type),
    )
    return compose(document, this.#made, {
      code: this.#code,
      vault,
      environment: releases?.environment ?? [],
      definitions: [...brought, ...others],
      prepare: releases?.prepare ?? ((release) => release),
      wrap,
    })
  }

  /** Closes providers that are in force no more, when no task uses them; connectors close after their last send. */
  #retire(before: Made, unused: Promise<void>): void {
    const now = new Set([...this.#made.values()].map(({ part }) => part))
    const dropped = [...before].filter(([key, { part }]) => key.startsWith(keyOf('provider', '')) && !now.has(part))
    const retiring = unused.then(async () => {
      await Promise.allSettled(dropped.map(([, { part }]) => this.#closed(part as Provider)))
    })
    this.#retiring.add(retiring)
    void retiring.then(() => this.#retiring.delete(retiring))
  }

  /** Closes what was made for parts that are not put in force. */
  async #discard(made: Made): Promise<void> {
    const kept = new Set([...this.#made.values()].map(({ part }) => part))
    const parts = [...made.values()].map(({ part }) => part).filter((part) => !kept.has(part))
    await Promise.allSettled(parts.map((part) => this.#closed(part as Provider | Connector)))
  }

  #closed(part: Provider | Connector): Promise<void> {
    return atMost(closeMs, this.#ports.options.clock, () => part.close?.())
  }

  /** What was refused is written down, whoever sent it; a disk that does not take that says so itself. */
  async #writeDown(envelope: ReleaseEnvelope, error: unknown, by: Actor, storage: Storage): Promise<void> {
    const { hash, publisher, sequence } = envelope
    const { code } = toErrorRecord(error)
    if (code === 'not_running' || code === 'storage_failed') return
    const after = { code, hash, publisher, sequence }
    const at = this.#ports.options.clock.now()
    await storage.writeDown({ at, by, action: 'release.refused', target: publisher, before: null, after })
  }

  /** Whether another publisher's release is the current one. */
  #hasOwn(): boolean {
    return this.#current !== null && this.#current.publisher !== filePublisher
  }

  #isReleased(): boolean {
    return this.#hasOwn() && this.#problems === null
  }

  #enabled(): Runtime {
    const runtime = this.#ports.running()
    if (this.#ports.options.releases !== null) return runtime
    throw new AsyncvError('releases_off', 'This runtime takes no releases.', {
      hint: 'Pass releases to createAsyncv; "asyncv start" takes them.',
    })
  }
}

/** By its name, or the only one that the document has. */
function draftAgent({ agents }: Parts, document: unknown, named: string | undefined): RunnableAgent {
  const names = releaseDocument.parse(document).agents.map(({ name }) => name)
  const name = named ?? (names.length === 1 ? names[0] : undefined)
  if (name === undefined) {
    throw new AsyncvError('input_invalid', 'The document has no agent, or several.', {
      hint: `Name one: ${names.join(', ') || 'there is none'}.`,
    })
  }
  const agent = names.includes(name) ? agents.get(name) : undefined
  if (agent !== undefined) return agent
  throw new AsyncvError('agent_unknown', `The document has no agent ${JSON.stringify(name)}.`, {
    hint: `Its agents: ${names.join(', ') || 'none'}.`,
  })
}

function whole({ document, ...release }: StoredRelease): WholeRelease {
  return { ...release, document: releaseDocument.parse(JSON.parse(document)) as ReleaseDocument }
}

function changed(wanted: string | null, now: string | null): AsyncvError {
  return new AsyncvError('release_changed', `${now ?? 'None'} is in force, not ${wanted ?? 'none'}.`, {
    hint: 'Somebody published meanwhile: look at what is in force now, and publish a release that follows it.',
  })
}

function invalid(problems: readonly Problem[]): AsyncvError {
  const [first] = problems
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  return new AsyncvError('release_invalid', `${first?.pointer || 'The document'}: ${first?.detail}${more}`, {
    problems,
  })
}

function leaving(): AsyncvError {
  return new AsyncvError('not_running', 'This runtime is stopping; the release was not applied.', { retryable: true })
}
