/** The shapes that cross the wire, as zod schemas; safe in a browser. */
export { defaultLimits } from '../internal/agent-limits.ts'
export { canonicalJson } from '../internal/canonical-json.ts'
export { inlineSecrets } from '../internal/inline-secrets.ts'
export { secretName, urlsIn } from '../internal/part-options.ts'
export { auditEntry, auditVerdict } from './audit.ts'
export { configSchema, namedPart, partName } from './config.ts'
export { recordedEvent } from './event.ts'
export { storedFile } from './file.ts'
export { apiKey, keyRequest, keyMade } from './key.ts'
export { logGap, logLevels, logLine } from './log.ts'
export { messageAccepted, messageReply, messageRequest, streamEvent, textPart, usage } from './message.ts'
export { connectorStatus, drainState, installed, partTest, routeSummary, status } from './operating.ts'
export { errorRecord, problem } from './problem.ts'
export {
  documentProblems,
  previewRequest,
  releaseCheck,
  releaseCheckRequest,
  releaseDocument,
  releaseEnvelope,
  releaseHash,
  releaseRequest,
  type ReleaseDocument,
  type ReleaseEnvelope,
  releaseSchemaVersion,
  releaseState,
  releaseSummary,
  wholeRelease,
} from './release.ts'
export { readiness } from './readiness.ts'
export { agentSummary, delivery, deliveryState, message, session, step } from './reading.ts'
export { secretInfo, secretRequest } from './secret.ts'
export { serverConfig } from './server.ts'
export { stats } from './stats.ts'
export { task, taskState, timeline, timelineEntry } from './task.ts'
