import type { AsyncvEvent } from './event.ts'
import type { Logger } from './logger.ts'

/** One log line an event, at the level of what an operator has to do about it. Never the text of a message. */
export function logEvent(logger: Logger, event: AsyncvEvent): void {
  const { type, at, ...fields } = event
  switch (type) {
    case 'task.failed':
    case 'delivery.dead':
    case 'storage.failed':
      return logger.error(fields, type)
    case 'delivery.uncertain':
    case 'delivery.retrying':
    case 'model.retried':
      return logger.warn(fields, type)
    case 'task.finished':
    case 'task.cancelled':
    case 'command.carried-out':
      return logger.info(fields, type)
    default:
      return logger.debug(fields, type)
  }
}
