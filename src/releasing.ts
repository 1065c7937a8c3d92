/** What publishers, and those who manage a runtime, see of its releases, and what they can do. */
import type { Actor } from './audit.ts'
import type { Problem } from './errors.ts'
import type { LiveEvent } from './event.ts'
import type { Earlier } from './message.ts'
import type { Page, PageRequest } from './page.ts'
import type { Release } from './release-store.ts'
import type { ReleaseDocument } from './schemas/release.ts'
import type { Usage } from './task.ts'
import type { TrustChange } from './trusted.ts'

/** A release with what it says. */
export interface WholeRelease extends Release {
  /** As its publisher signed it: what is left to its default is not there, and a later version may have written it. */
  document: Partial<ReleaseDocument>
}

/** What a runtime is by its releases. */
export interface ReleaseState {
  /** The audience of releases for it. */
  runtime: string
  /** The release that is in force; null before the first. */
  current: WholeRelease | null
  /** The last sequence of each publisher; its next release needs a higher one. */
  sequences: { publisher: string; last: number }[]
  /** Why the current release is not in force although it should be; null when it is. Nothing is taken in, then. */
  problems: readonly Problem[] | null
  /** Whether what the operator's own file said when it was read is in force; null when there is none. */
  fileInForce: boolean | null
  /** Whose releases it takes; null while the trust list cannot be used, and nobody is trusted. */
  trusted: { name: string; fingerprint: string }[] | null
}

/** What a document would change. */
export interface ReleaseCheck {
  /** Of the document. */
  hash: string
  /** Empty when it could be applied. */
  problems: readonly Problem[]
  /** By name; empty lists when it could not be applied. */
  connectors: { kept: string[]; restarted: string[]; started: string[]; stopped: string[] }
}

export interface ApplyOptions {
  /** Applies it although its sequence is not above its publisher's last; written into the audit log as `release.forced`. */
  force?: boolean
  /** The hash that has to be in force, as `If-Match` says it; null for none. */
  ifMatch?: string | null
  /** For the audit log. Default: the program. */
  by?: Actor
}

/** A message for an agent of a draft. */
export interface PreviewInput {
  /** As `apply` would take it. */
  document: unknown
  /** Default: the only one of the document. */
  agent?: string
  text: string
  /** What was said before, oldest first. */
  history?: readonly Earlier[]
}

export type PreviewEvent = LiveEvent | { type: 'preview.finished'; text: string; usage: Usage }

/** Releases of a runtime. All reject with `not_running`, and with `releases_off` when it takes none. */
export interface Releases {
  state(): Promise<ReleaseState>
  /** Newest first; the last 1,000 are kept. */
  list(page?: PageRequest): Promise<Page<Release>>
  /** Rejects with `release_unknown`. */
  get(revision: number): Promise<WholeRelease>
  /** Looks at a document as `apply` would; nothing is started, and nothing written. */
  check(document: unknown): Promise<ReleaseCheck>
  /**
   * Has a message answered by an agent of a document that is not in force: with its models, and with the tools that only read;
   * the others say that they were not run. No connector is started, nothing is sent or kept. Throws `release_invalid` before
   * the first event, and what a task would fail with. Leaving the loop ends it.
   */
  preview(input: PreviewInput, options?: { signal?: AbortSignal }): AsyncIterable<PreviewEvent>
  /**
   * Puts a release in force, all or nothing, and resolves with it. Connectors whose type and options are unchanged stay
   * connected; tasks that run go on with what they began with. The same release once more gives the same answer. Rejects,
   * with everything as it was, with `input_invalid` (no envelope), `release_untrusted` (publisher, signature, audience, or a
   * hash that is not the document's), `release_changed` (`ifMatch`), `release_stale` (parent, sequence), `release_invalid`
   * (with `problems`), `release_failed` (a connector did not start), `trust_unusable` and `storage_failed`.
   */
  apply(release: { envelope: unknown; document: unknown }, options?: ApplyOptions): Promise<WholeRelease>
  /**
   * Writes into the audit log that somebody on this host has changed the trust list. It changes nothing there: rejects with
   * `state_conflict` when the list does not say so. `by`, default: the program.
   */
  trustChanged(change: TrustChange, by?: Actor): Promise<void>
}
