// The runtime.
export { createAsyncv } from './asyncv.ts'

// Who may call its service.
export { everySpace, scopes, type ApiKey, type Scope } from './key.ts'
export type { KeyInput, Keys } from './keys.ts'
export { openKeys } from './open-keys.ts'

// What those who manage it did.
export {
  auditActions,
  type Actor,
  type AuditAction,
  type AuditEntry,
  type AuditFault,
  type AuditHead,
  type AuditVerdict,
} from './audit.ts'
export type { Audit } from './audit-log.ts'
export type { AuditFilter } from './audit-store.ts'
export { openAudit } from './open-audit.ts'

// Its secrets: values that are kept sealed, and revealed only where a request is made.
export { createVault, type SecretUse, type Vault, type VaultOptions } from './vault/vault.ts'
export type { SecretInfo, SecretInput, Secrets } from './vault/secrets.ts'
export { newMasterKey } from './vault/master-key.ts'
export { isSecret, reveal, secretText, type Secret } from './secret.ts'
export { openSecrets } from './open-secrets.ts'

// Releases: what a runtime is, as its publishers say it, signed and hot.
export { hashOf } from './internal/document-hash.ts'
export { keyFingerprint, publicKeyFrom, signEnvelope, type UnsignedEnvelope } from './release/envelope.ts'
export { fileRelease, type FileRelease } from './release/file-release.ts'
export { portableOf, type Portable } from './release/portable.ts'
export { filePublisher, TrustFile } from './release/trust.ts'
export { openTrustNotes, type TrustNotes } from './open-trust-notes.ts'
export type {
  ApplyOptions,
  PreviewEvent,
  PreviewInput,
  ReleaseCheck,
  Releases,
  ReleaseState,
  WholeRelease,
} from './releasing.ts'
export type { Release } from './release-store.ts'
export type { ReleaseDocument, ReleaseEnvelope } from './schemas/release.ts'
export type { Trust, TrustChange, TrustedPublisher } from './trusted.ts'

// Configuration files: their shape, and how they become options.
export {
  defineConfig,
  resolveConfig,
  type AsyncvConfig,
  type ConfigSources,
  type ResolvedConfig,
} from './config/file.ts'
export type { ServerConfig, ServerLimits } from './server-config.ts'

export { optionDefaults } from './config/resolve.ts'

// Building blocks: checked values that describe what a runtime is made of.
export { defineAgent, defaultLimits, type Agent, type AgentLimits, type AgentOptions } from './agent.ts'
export {
  defineTool,
  type AgentContext,
  type JsonSchema,
  type Reconciled,
  type Tool,
  type ToolCall,
  type ToolEffect,
  type ToolOptions,
} from './tool.ts'
export {
  defineConnector,
  defineProvider,
  type ConnectorDefinition,
  type Definition,
  type ProviderDefinition,
} from './definition.ts'

// Plugins: modules that bring connectors, providers and tools along.
export { definePlugin, pluginForm, pluginOf, type Plugin, type PluginHost, type PluginOptions } from './plugin.ts'

// Errors: one class, stable codes.
export {
  AsyncvError,
  errorCodes,
  toErrorRecord,
  type AsyncvErrorOptions,
  type ErrorCode,
  type ErrorRecord,
} from './errors.ts'

// Nouns: what a runtime talks about.
export {
  textOf,
  type Earlier,
  type FilePart,
  type FileReference,
  type Message,
  type MessagePart,
  type ModelMessage,
  type Part,
  type Person,
  type TextPart,
  type ToolCallPart,
  type ToolResultPart,
} from './message.ts'
export { addressOf, callerSession, defaultSpace, type Destination, type Session } from './session.ts'
export type { EventsRequest, RecordedEvent } from './recorded-event.ts'
export type { FileInput, Files, StoredFile } from './file.ts'
export type { Page, PageRequest, Within } from './page.ts'
export type { Step, Task, TaskState, Turn, Usage, WhenBusy } from './task.ts'
export type { Delivery, DeliveryKind, DeliveryState } from './delivery.ts'

// Ports: what you implement to add a chat platform or a model service.
export {
  SendError,
  type Accepted,
  type Connector,
  type ConnectorHost,
  type ConnectorState,
  type ConnectorSupport,
  type Inbound,
  type InboundCommand,
  type InboundMessage,
  type InboundUnsupported,
  type Operation,
  type Pace,
  type Receipt,
  type SendFailure,
} from './connector.ts'
export type {
  Check,
  FinishReason,
  ModelEvent,
  ModelInfo,
  ModelRequest,
  Provider,
  ProviderCall,
  ProviderError,
  ToolDeclaration,
} from './provider.ts'
export { systemClock, type Clock } from './clock.ts'
export { backoff } from './internal/backoff.ts'
export { silentLogger, type Logger } from './logger.ts'

// The runtime: what goes in, what comes out.
export type {
  AgentSummary,
  Asyncv,
  PostInput,
  Readiness,
  Receipted,
  Reply,
  SendInput,
  SendOptions,
  Stats,
  StopOptions,
  StreamEvent,
  Timeline,
  TimelineEntry,
} from './api.ts'
export type {
  Connectors,
  ConnectionChange,
  ConnectorStatus,
  Drain,
  DrainOptions,
  DrainState,
  Installed,
  InstalledTool,
  InstalledType,
  PartTest,
  Providers,
  RouteSummary,
  Status,
} from './operating.ts'
export type { AsyncvEvent, AsyncvEventOf, AsyncvEventType, LiveEvent } from './event.ts'
export type {
  AsyncvOptions,
  FileOptions,
  ModelCallOptions,
  OutboxOptions,
  Price,
  ReleaseOptions,
  RetentionOptions,
  Route,
} from './options.ts'
export type { Texts } from './texts.ts'

// What is there without a key: a model to try with, and two tools.
export { offline, type OfflineOptions } from './offline/provider.ts'
export { time } from './offline/time.ts'
export { calculator } from './offline/calculator.ts'
