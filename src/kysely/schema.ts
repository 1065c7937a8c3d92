/** The tables as Kysely sees them; `@asyncv/migrations` makes them. JSON is text, times are ms, booleans are 0 and 1. */
import type { Generated } from 'kysely'
import type { DeliveryKind, DeliveryState } from '../delivery.ts'
import type { RecordedEvent } from '../recorded-event.ts'
import type { Step, TaskState, WhenBusy } from '../task.ts'

export interface SessionRow {
  id: string
  address: string
  generation: number
  agent: string
  space: string
  next_seq: number
  created_at: number
  last_at: number
  closed_at: number | null
}

export interface MessageRow {
  id: string
  session_id: string
  seq: number
  task_id: string | null
  parts: string
  person: string | null
  received_at: number
}

export interface DedupeRow {
  scope: string
  key: string
  message_id: string
  body_hash: string
  at: number
}

export interface TaskRow {
  id: string
  session_id: string
  message_id: string
  order_seq: number
  state: TaskState
  agent: string
  when_busy: WhenBusy
  destination: string | null
  context: string
  into_task: string | null
  attempt: number
  crashes: number
  alone: number
  cancel_requested_at: number | null
  error: string | null
  /** What it adds to its session's history, once it has ended: messages, and how many tokens they are about. */
  turn: string | null
  turn_tokens: number | null
  input_tokens: number
  output_tokens: number
  created_at: number
  started_at: number | null
  ended_at: number | null
}

export interface StepRow {
  task_id: string
  n: number
  kind: Step['kind']
  state: Step['state']
  version: number
  attempt: number
  name: string | null
  effect: Step['effect']
  call: string | null
  result: string | null
  input_tokens: number
  output_tokens: number
  started_at: number
  ended_at: number | null
}

export interface DeliveryRow {
  /** Given by the database, in the order of writing. */
  seq: number
  id: string
  key: string
  task_id: string | null
  message_id: string | null
  part: number
  kind: DeliveryKind
  destination: string
  target: string | null
  body: string
  state: DeliveryState
  attempt: number
  next_at: number | null
  uncertain_count: number
  error: string | null
  created_at: number
  /** When an operator last queued it again. */
  retried_at: number | null
  settled_at: number | null
}

export interface ConnectorStateRow {
  account: string
  key: string
  value: string
  updated_at: number
}

export interface ApiKeyRow {
  id: string
  hash: string
  name: string
  space: string
  scopes: string
  agents: string | null
  created_at: number
  expires_at: number | null
  revoked_at: number | null
  last_used_at: number | null
}

export interface EventRow {
  /** Given by the database, in the order of writing. */
  id: Generated<number>
  at: number
  type: RecordedEvent['type']
  message_id: string | null
  task_id: string | null
  delivery_id: string | null
  error: string | null
}

export interface SecretRow {
  name: string
  version: number
  cipher: string
  nonce: string
  key_id: string
  origins: string | null
  at: number
}

export interface ReleaseRow {
  revision: number
  hash: string
  envelope: string | null
  publisher: string
  sequence: number
  parent_hash: string | null
  forced: number
  created_at: number
  applied_at: number
  actor: string
  actor_name: string | null
  grants: string
  document: string
}

export interface PublisherRow {
  name: string
  last_sequence: number
  at: number
}

export interface RuntimeIdentityRow {
  id: number
  runtime: string
  created_at: number
}

export interface FileRow {
  id: string
  name: string
  media_type: string
  size: number
  sha256: string
  space: string
  created_at: number
  expires_at: number
}

export interface AuditRow {
  n: number
  at: number
  actor: string
  actor_name: string | null
  action: string
  target: string
  before_hash: string | null
  after_hash: string | null
  prev_hash: string
  hash: string
}

/** One row: where the audit log ends. */
export interface AuditHeadRow {
  id: 1
  n: number
  hash: string
}

/** A table whose `seq` is left out when a row is written. */
type Numbered<Row extends { seq: number }> = Omit<Row, 'seq'> & { seq: Generated<number> }

export interface Tables {
  session: SessionRow
  message: MessageRow
  dedupe: DedupeRow
  task: TaskRow
  step: StepRow
  delivery: Numbered<DeliveryRow>
  connector_state: ConnectorStateRow
  api_key: ApiKeyRow
  event: EventRow
  file: FileRow
  audit: AuditRow
  audit_head: AuditHeadRow
  secret: SecretRow
  release: ReleaseRow
  publisher: PublisherRow
  runtime_identity: RuntimeIdentityRow
}
