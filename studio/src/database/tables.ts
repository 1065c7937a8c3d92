import type { ColumnType } from 'kysely'

/** The tables of the set `studio` in `@asyncv/migrations`. Columns that are JSON are named so; 0 and 1 are booleans. */
export interface Tables {
  user: UserRow
  session: SessionRow
  invite: InviteRow
  runtime: RuntimeRow
  identity: IdentityRow
  item: ItemRow
  item_version: ItemVersionRow
  release: ReleaseRow
  release_target: ReleaseTargetRow
  release_sequence: ReleaseSequenceRow
  audit: AuditRow
  audit_head: AuditHeadRow
  webhook: WebhookRow
  webhook_delivery: WebhookDeliveryRow
}

/** Written once and never changed. */
type Once<Value> = ColumnType<Value, Value, never>

export interface UserRow {
  id: Once<string>
  /** As it is compared: see `accounts/login.ts`. */
  login: string
  name: string
  role: 'viewer' | 'editor' | 'operator' | 'admin'
  /** As `accounts/password.ts` writes it; null until an invitation is taken up. */
  password: string | null
  language: string | null
  theme: string | null
  created_at: Once<number>
  signed_in_at: number | null
}

export interface SessionRow {
  token_hash: Once<string>
  user_id: Once<string>
  created_at: Once<number>
  seen_at: number
  expires_at: number
}

export interface InviteRow {
  user_id: Once<string>
  token_hash: string
  created_at: number
  expires_at: number
}

export interface RuntimeRow {
  id: Once<string>
  name: string
  url: string
  management_url: string
  sealed_key: string
  /** What the runtime calls itself; null until it was reached. */
  runtime_id: string | null
  version: string | null
  /** Why the last check failed; null when it did not. */
  problem: string | null
  checked_at: number | null
  created_at: Once<number>
  created_by: Once<string>
}

export interface IdentityRow {
  id: Once<number>
  publisher: Once<string>
  /** 32 bytes in base64. */
  public_key: Once<string>
  sealed_private_key: Once<string>
  created_at: Once<number>
}

export type ItemKind = 'agent' | 'route' | 'connector' | 'provider'

export interface ItemRow {
  kind: Once<ItemKind>
  name: Once<string>
  version: number
  /** JSON. */
  content: string
  changed_at: number
  changed_by: string
  changed_by_name: string
  deleted_at: number | null
}

export interface ItemVersionRow {
  kind: Once<ItemKind>
  name: Once<string>
  n: Once<number>
  /** JSON. */
  content: Once<string>
  author: Once<string>
  author_name: Once<string>
  at: Once<number>
  reason: Once<string | null>
  deleted: Once<number>
}

export interface ReleaseRow {
  n: Once<number>
  /** Canonical JSON. */
  document: Once<string>
  hash: Once<string>
  /** JSON: which version of each item it has. */
  items: Once<string>
  summary: Once<string>
  author: Once<string>
  author_name: Once<string>
  at: Once<number>
  rolls_back_to: Once<number | null>
}

export interface ReleaseTargetRow {
  release: Once<number>
  runtime_id: Once<string>
  state: 'pending' | 'applied' | 'refused' | 'drifted' | 'superseded'
  /** JSON: what was signed for this runtime. */
  envelope: string | null
  attempts: number
  next_at: number | null
  /** JSON: what the runtime said, or why it was not reached. */
  problem: string | null
  revision: number | null
  changed_at: number
  /** 1: over what the runtime has, because somebody asked for that. */
  forced: number
}

export interface ReleaseSequenceRow {
  /** What the runtime calls itself. */
  audience: Once<string>
  last: number
}

export interface AuditRow {
  n: Once<number>
  at: Once<number>
  actor: Once<string>
  actor_name: Once<string>
  action: Once<string>
  target: Once<string>
  /** Canonical JSON; null when the action says it all. */
  detail: Once<string | null>
  prev_hash: Once<string>
  hash: Once<string>
}

export interface AuditHeadRow {
  id: Once<number>
  n: number
  hash: string
}

export interface WebhookRow {
  id: Once<string>
  url: string
  /** JSON: a list of names. */
  events: string
  sealed_secret: string | null
  created_at: Once<number>
  created_by: Once<string>
}

export interface WebhookDeliveryRow {
  id: Once<string>
  webhook_id: Once<string>
  event: Once<string>
  /** JSON. */
  body: Once<string>
  state: 'pending' | 'sent' | 'dead'
  attempts: number
  next_at: number | null
  problem: string | null
  created_at: Once<number>
}
