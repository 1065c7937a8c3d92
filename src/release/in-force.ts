/** The release that is in force, from one start to the next: which one it is, what it was made of, and what is said of it. */
import { theProgram } from '../audit.ts'
import type { Problem } from '../errors.ts'
import { canonicalJson } from '../internal/canonical-json.ts'
import type { Parts } from '../parts-in-force.ts'
import type { StoredRelease } from '../release-store.ts'
import type { Storage } from '../storage.ts'
import { forgery } from './admission.ts'
import { Closing } from './closing.ts'
import { type Code, codeOf, type Composed, type Made, madeByFile } from './compose.ts'
import { type Composer, composerOf } from './composer.ts'
import { hashOf } from '../internal/document-hash.ts'
import { grantsOfFile } from './secrets.ts'
import type { ReleasePorts } from './ports.ts'
import { filePublisher, nobody } from './trust.ts'

export class ReleaseInForce {
  readonly #ports: ReleasePorts
  readonly #code: Code
  readonly #initial: Parts
  readonly #closing: Closing
  readonly composer: Composer
  /** Of what the operator's file says; null without one. */
  readonly #fileHash: string | null
  #runtimeId = ''
  #made: Made
  #current: StoredRelease | null = null
  #problems: readonly Problem[] | null = null

  constructor(ports: ReleasePorts) {
    const { options, inForce } = ports
    this.#ports = ports
    const file = options.releases?.file
    this.#fileHash = file === undefined ? null : hashOf(file)
    this.#code = codeOf(options)
    this.#initial = inForce.parts
    this.#made = madeByFile(options)
    this.#closing = new Closing(options.clock)
    this.composer = composerOf(ports, this.#code, () => this.#made)
  }

  get runtimeId(): string {
    return this.#runtimeId
  }

  get current(): StoredRelease | null {
    return this.#current
  }

  /** Why the current release is not in force although it should be. */
  get problems(): readonly Problem[] | null {
    return this.#problems
  }

  /** Whether what the operator's file said when it was read is in force, by whomever it was published; null without one. */
  get fileInForce(): boolean | null {
    if (this.#fileHash === null) return null
    return !this.isReleased || (this.#problems === null && this.#fileHash === this.#current?.hash)
  }

  /** Whether it is another publisher's, and not the operator's file. */
  get isReleased(): boolean {
    return this.#current !== null && this.#current.publisher !== filePublisher
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
    const forged = forgery(current, releases.trust ?? nobody)
    const composed =
      forged === null
        ? (await this.composer())(JSON.parse(current.document), current.grants)
        : { problems: [{ pointer: '', detail: forged }], fresh: [] }
    if ('problems' in composed) {
      await this.discard(composed.fresh)
      this.#problems = composed.problems
      // What the file says now nobody has put in force; it may be half an edit.
      void inForce.swap(partsOfCode(this.#initial, this.#code))
      logger.error(
        { revision, publisher, problems: composed.problems },
        'the release that was in force cannot be applied any more: nothing is taken in, and what was accepted waits, until another one is applied',
      )
      return
    }
    void inForce.swap(composed.parts)
    this.#made = composed.made
    if (this.fileInForce !== false) return
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
    const hash = this.#fileHash ?? hashOf(file)
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
      grants: grantsOfFile([file.providers, file.connectors], this.#ports.options.vault),
      by: theProgram,
    })
  }

  /** In the turn of the event loop in which its commit is known: nobody sees a part of it. */
  put(stored: StoredRelease, { parts, made }: Composed): void {
    const before = this.#made
    const unused = this.#ports.inForce.swap(parts)
    this.#made = made
    this.#current = stored
    this.#problems = null
    this.#closing.retire(before, made, unused)
  }

  /** Closes what was made for parts that are not put in force. */
  discard(fresh: Composed['fresh']): Promise<void> {
    return this.#closing.close(fresh)
  }

  /** A connector of a release that does not start keeps nobody from starting: only another release can mend it. */
  spares(connector: string): boolean {
    return this.#code.connectors.get(connector) === undefined && this.isReleased
  }

  /** What readiness says of it; null where there is nothing to say. */
  readiness(): { name: string; ok: boolean; detail: string } | null {
    if (!this.isReleased) return null
    const { revision, publisher } = this.#current as StoredRelease // that is what it has
    const name = 'release'
    if (this.#problems !== null) {
      const [first] = this.#problems
      const why = `${first?.pointer || 'the document'}: ${first?.detail}`
      const detail = `revision ${revision} of publisher "${publisher}" cannot be applied any more: nothing is taken in, and what was accepted waits, until another one is applied. ${why}`
      return { name, ok: false, detail }
    }
    const file = this.#fileNote()
    return { name, ok: true, detail: `revision ${revision} of publisher "${publisher}" is in force${file}` }
  }

  /** After the last attempt has ended. */
  async close(): Promise<void> {
    await this.#closing.done()
    const { options, inForce } = this.#ports
    await this.#closing.close(new Set([...options.providers.values(), ...inForce.providers.values()]))
  }

  #fileNote(): string {
    if (this.fileInForce === null) return ''
    if (this.fileInForce) return '; the configuration file said the same when it was read'
    return '; the configuration file said something else when it was read: "asyncv deploy" puts in force what it says'
  }
}

/** What no release changes, without what the operator's file says. */
function partsOfCode({ agents, connectors, routes }: Parts, code: Code): Parts {
  const own = new Map([...agents].filter(([name]) => code.agents.has(name)))
  const answered = [...routes].filter(([name, agent]) => code.connectors.has(name) && own.has(agent.name))
  const connected = new Map([...connectors].filter(([name]) => code.connectors.has(name)))
  return { agents: own, providers: code.providers, connectors: connected, routes: new Map(answered) }
}
