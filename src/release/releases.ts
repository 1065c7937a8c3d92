/** The releases of a runtime, for those who publish, look at, and try them. `applying.ts` has a release's way through. */
import { type Actor, theProgram } from '../audit.ts'
import { AsyncvError } from '../errors.ts'
import type { PageRequest } from '../page.ts'
import type { StoredRelease } from '../release-store.ts'
import type {
  ApplyOptions,
  PreviewEvent,
  PreviewInput,
  ReleaseCheck,
  Releases,
  ReleaseState,
  WholeRelease,
} from '../releasing.ts'
import type { Runtime } from '../runtime.ts'
import type { Storage } from '../storage.ts'
import type { Trust, TrustChange } from '../trusted.ts'
import { applyRelease } from './applying.ts'
import type { Composed } from './compose.ts'
import { draftAgent } from './draft-agent.ts'
import { hashOf } from '../internal/document-hash.ts'
import { readJson } from '../internal/read-json.ts'
import { ReleaseInForce } from './in-force.ts'
import type { ReleasePorts } from './ports.ts'
import { preview } from './preview.ts'
import { invalid } from './refusals.ts'
import { RefusedReleases } from './refused.ts'
import { changesOf } from './switch.ts'
import { nobody } from './trust.ts'
import { trustDeed } from './trust-deed.ts'

export class ReleaseKeeper implements Releases {
  readonly #ports: ReleasePorts
  readonly #release: ReleaseInForce
  readonly #refused = new RefusedReleases()

  constructor(ports: ReleasePorts) {
    this.#ports = ports
    this.#release = new ReleaseInForce(ports)
  }

  replacesFile(storage: Storage): Promise<boolean> {
    return this.#release.replacesFile(storage)
  }

  open(storage: Storage): Promise<void> {
    return this.#release.open(storage)
  }

  started(storage: Storage): Promise<void> {
    return this.#release.started(storage)
  }

  get problems(): ReleaseInForce['problems'] {
    return this.#release.problems
  }

  spares(connector: string): boolean {
    return this.#release.spares(connector)
  }

  readiness(): ReturnType<ReleaseInForce['readiness']> {
    return this.#release.readiness()
  }

  close(): Promise<void> {
    return this.#release.close()
  }

  async state(): Promise<ReleaseState> {
    const { storage } = this.#enabled()
    const { trust = nobody } = this.#ports.options.releases ?? {}
    const { runtimeId, current, problems, fileInForce } = this.#release
    return {
      runtime: runtimeId,
      current: current === null ? null : whole(current),
      sequences: await storage.sequences(),
      problems,
      fileInForce,
      trusted: publishersOf(trust),
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
    const { storage } = this.#enabled()
    const hash = hashOf(document)
    const [compose, granted] = await Promise.all([this.#release.composer(), storage.grantsOf(hash)])
    const composed = compose(document, granted)
    const { connectors: before } = this.#ports.inForce
    await this.#release.discard(composed.fresh)
    if ('problems' in composed) {
      return { hash, problems: composed.problems, connectors: { kept: [], restarted: [], started: [], stopped: [] } }
    }
    return { hash, problems: [], connectors: changesOf(before, composed.parts.connectors) }
  }

  async *preview(input: PreviewInput, { signal }: { signal?: AbortSignal } = {}): AsyncGenerator<PreviewEvent> {
    const runtime = this.#enabled()
    const { document, agent: named, text } = input
    if (text.trim() === '') {
      throw new AsyncvError('input_invalid', 'The message has no text.', { hint: 'Write at least one character.' })
    }
    const [compose, granted] = await Promise.all([this.#release.composer(), runtime.storage.grantsOf(hashOf(document))])
    // What it shares with the parts in force is closed after it, when a release replaces them meanwhile.
    const use = this.#ports.inForce.begin()
    let fresh: Composed['fresh'] = []
    let over: Promise<void> | null = null
    const end = (): Promise<void> => {
      if (over === null) {
        use.end()
        over = this.#release.discard(fresh)
      }
      return over
    }
    // Who reads it may have left it where it is for good; a stop does not wait for that.
    runtime.leaving.addEventListener('abort', end, { once: true })
    try {
      const composed = compose(document, granted)
      fresh = composed.fresh
      if ('problems' in composed) throw invalid(composed.problems)
      const ended = AbortSignal.any([runtime.leaving, ...(signal === undefined ? [] : [signal])])
      yield* preview(draftAgent(composed.parts, document, named), input, this.#ports.options, ended)
    } finally {
      runtime.leaving.removeEventListener('abort', end)
      await end()
    }
  }

  async apply(release: { envelope: unknown; document: unknown }, options: ApplyOptions = {}): Promise<WholeRelease> {
    return whole(
      await applyRelease(release, options, this.#enabled(), {
        ...this.#ports,
        release: this.#release,
        refused: this.#refused,
      }),
    )
  }

  async trustChanged(change: TrustChange, by: Actor = theProgram): Promise<void> {
    const { storage } = this.#enabled()
    const { releases, clock } = this.#ports.options
    const { action, publisher, fingerprint } = change
    const listed = (releases?.trust ?? nobody)
      .publishers()
      .some((one) => one.name === publisher && one.fingerprint === fingerprint)
    if (listed !== (action !== 'trust.removed')) {
      const says = listed ? 'still has' : 'does not have'
      throw new AsyncvError('state_conflict', `The trust list ${says} "${publisher}" with the key ${fingerprint}.`, {
        hint: 'Change it on this host first: asyncv trust.',
      })
    }
    await storage.writeDown(trustDeed(change, by, clock.now()))
  }

  #enabled(): Runtime {
    const runtime = this.#ports.running()
    if (this.#ports.options.releases !== null) return runtime
    throw new AsyncvError('releases_off', 'This runtime takes no releases.', {
      hint: 'Pass releases to createAsyncv; "asyncv start" takes them.',
    })
  }
}

/** One that somebody has made unreadable in the database says nothing: what is wrong with it stands in `problems`. */
function whole({ document, grants: _, ...release }: StoredRelease): WholeRelease {
  return { ...release, document: (readJson(document) ?? {}) as WholeRelease['document'] }
}

/** Null when its list cannot be used: who looks at the state may be the one who is to find that out. */
function publishersOf(trust: Trust): ReleaseState['trusted'] {
  try {
    return trust.publishers().map(({ name, fingerprint }) => ({ name, fingerprint }))
  } catch (error) {
    if (error instanceof AsyncvError && error.code === 'trust_unusable') return null
    throw error
  }
}
