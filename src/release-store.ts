import type { Actor } from './audit.ts'
import { AsyncvError } from './errors.ts'
import type { Page, PageRequest } from './page.ts'
import type { ReleaseEnvelope } from './schemas/release.ts'

/** A release that was applied. */
export interface Release {
  /** 1, 2, 3, …: the runtime's number for it. The highest is in force. */
  revision: number
  /** `sha256:…` of its document. */
  hash: string
  /** Null for what the operator's own file says. */
  envelope: ReleaseEnvelope | null
  publisher: string
  sequence: number
  /** Of the release that it took the place of; null for the first. */
  parentHash: string | null
  /** Applied although its sequence was not above its publisher's last. */
  forced: boolean
  /** When its publisher made it. ms since the epoch. */
  createdAt: number
  appliedAt: number
  /** Who had it applied. */
  by: Actor
}

/**
 * What the operator's side let the secrets of a document do when it was applied: where the vault had not bound them, by what
 * the file of that day said. An edit of the file since then takes nothing of it away.
 */
export interface ReleaseGrants {
  /** Names of the environment that it may have as plain texts. */
  texts: readonly string[]
  /** By name: the origins that it may be sent to, null for every one, and whether it may come from the environment. */
  secrets: Readonly<Record<string, { origins: readonly string[] | null; elsewhere: boolean }>>
}

/** With its document, as canonical JSON (RFC 8785). */
export interface StoredRelease extends Release {
  document: string
  grants: ReleaseGrants
}

export type ReleaseDraft = Omit<StoredRelease, 'revision'>

/** The part of the storage that keeps releases. Every verb is one transaction, as in `Storage`. */
export interface ReleaseStore {
  /** The name of this runtime, which is `candidate` if it has none yet. */
  runtimeId(candidate: string, at: number): Promise<string>
  /** What is in force; null before the first. */
  currentRelease(): Promise<StoredRelease | null>
  release(revision: number): Promise<StoredRelease | null>
  /** What the document of this hash was granted when it was applied last; null when it never was, or is kept no more. */
  grantsOf(hash: string): Promise<ReleaseGrants | null>
  releases(page: PageRequest): Promise<Page<Release>>
  /** The last sequence of each publisher that had a release applied. */
  sequences(): Promise<{ publisher: string; last: number }[]>
  /**
   * Puts it in force. Rejects with `release_stale` when another one than its parent is in force, or, unless it is forced,
   * when its sequence is not above its publisher's last: what was looked at before may have changed since.
   */
  applyRelease(draft: ReleaseDraft): Promise<StoredRelease>
  /** Raises a publisher's last sequence, for a release that says what is in force already. */
  noteSequence(publisher: string, sequence: number, at: number): Promise<void>
}

export function notParent({ parentHash }: Pick<ReleaseDraft, 'parentHash'>, current: string | null): AsyncvError {
  return new AsyncvError(
    'release_stale',
    `The release follows ${parentHash ?? 'none'}, and ${current ?? 'none'} is in force.`,
    { hint: 'Look at what is in force now, and publish a release that follows it.' },
  )
}

export function notAbove(
  { publisher, sequence }: Pick<ReleaseDraft, 'publisher' | 'sequence'>,
  last: number,
): AsyncvError {
  return new AsyncvError(
    'release_stale',
    `Sequence ${sequence} of publisher "${publisher}" is not above ${last}, its last one here.`,
    {
      hint: 'It was applied before, or its publisher was restored from an old backup. Publish it with a higher sequence, or force it, which the audit log tells.',
    },
  )
}
