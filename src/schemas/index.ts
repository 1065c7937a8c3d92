/** The shapes that cross the wire, as zod schemas; safe in a browser. */
export { configSchema, namedPart } from './config.ts'
export { apiKey, keyRequest, keyMade } from './key.ts'
export { messageAccepted, messageReply, messageRequest, streamEvent, textPart, usage } from './message.ts'
export { errorRecord, problem } from './problem.ts'
export { readiness } from './readiness.ts'
export { agentSummary, delivery, deliveryState, message, session, step } from './reading.ts'
export { stats } from './stats.ts'
export { task, taskState, timeline, timelineEntry } from './task.ts'
