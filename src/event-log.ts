import type { AsyncvEvent, AsyncvEventType } from './event.ts'
import type { Logger } from './logger.ts'

/** One log line an event, at the level of what an operator has to do about it. Never the text of a message. */
export function logEvent(logger: Logger, event: AsyncvEvent): void {
  const level = levelOf(event.type)
  if (logger.isLevelEnabled?.(level) === false) return
  const { type, at, ...fields } = event
  try {
    logger[level](fields, type)
  } catch {
    // A logger that throws must not undo what has happened, and there is nowhere to say so.
  }
}

function levelOf(type: AsyncvEventType): 'error' | 'warn' | 'info' | 'debug' {
  switch (type) {
    case 'task.failed':
    case 'delivery.dead':
    case 'storage.failed':
      return 'error'
    case 'delivery.uncertain':
    case 'delivery.retrying':
    case 'model.retried':
      return 'warn'
    case 'task.finished':
    case 'task.cancelled':
    case 'command.carried-out':
      return 'info'
    default:
      return 'debug'
  }
}
