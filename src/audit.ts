/** Who did something that is written into the audit log. */
export interface Actor {
  /**
   * `operator` (who has the operator key), `key:<id>` (an API key), `command` (the `asyncv` command straight in the
   * database), `program` (the one that embeds asyncv), or what that program calls one of its people. At most 200
   * characters are kept.
   */
  id: string
  /** The name of the key, or of the host's user; null where there is none. Of it too, 200 characters. */
  name: string | null
}

/** The program that embeds asyncv, when it does not say for whom it acts. */
export const theProgram: Actor = { id: 'program', name: null }

/** What is written down. */
export const auditActions = [
  'key.created',
  'key.revoked',
  'secret.set',
  'secret.removed',
  'release.applied',
  'release.forced',
  'release.refused',
  'trust.added',
  'trust.replaced',
  'trust.removed',
  'task.cancelled',
  'task.retried',
  'delivery.retried',
  'delivery.discarded',
  'connector.started',
  'connector.stopped',
  'drain.begun',
  'drain.undone',
  'database.restored',
] as const
export type AuditAction = (typeof auditActions)[number]

/** One action, and its place in the chain. Hashes are SHA-256, hexadecimal. */
export interface AuditEntry {
  /** 1, 2, 3, …, without a gap. */
  n: number
  /** ms since the epoch. */
  at: number
  actor: Actor
  /** One of `auditActions`, as far as this version knows them. */
  action: string
  /** The id of what it was done to. */
  target: string
  /** Of what that was before and after; null where it was not there. */
  beforeHash: string | null
  afterHash: string | null
  /** The `hash` of the entry before; 64 zeros for the first. */
  prevHash: string
  /** Of everything else here. */
  hash: string
}

/** Where the log ends: how many entries it has, and the hash of the last. `n` is 0 and `hash` 64 zeros while it is empty. */
export interface AuditHead {
  n: number
  hash: string
}

export interface AuditFault {
  /**
   * - `missing`: entries are gone from the middle, or from the front;
   * - `unlinked`: an entry does not follow the one before it: moved, put in, or written anew;
   * - `edited`: an entry is not what was written;
   * - `cut`: entries are gone from the end;
   * - `appended`: entries were put in at the end;
   * - `head`: the note of where the log ends is gone, or names another entry;
   * - `rewritten`: the log is whole, and another one than the expected head was noted from.
   */
  kind: 'missing' | 'unlinked' | 'edited' | 'cut' | 'appended' | 'head' | 'rewritten'
  /** The number of the entry where it shows. */
  n: number
  /** A sentence that says what is wrong. */
  detail: string
}

export interface AuditVerdict {
  whole: boolean
  /** How many entries are good, counted from the first. */
  entries: number
  /** Where the log ends as far as it is good; note it elsewhere to be able to prove later that nothing was taken away. */
  head: AuditHead
  /** The first fault; null when the log is whole. */
  fault: AuditFault | null
}
