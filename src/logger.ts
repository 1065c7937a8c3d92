/**
 * Where log lines go; pino's shape, so that a pino logger can be passed as it is. Fields never hold message text or
 * secrets.
 */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  /** Whether lines of a level go anywhere; without it all are made. */
  isLevelEnabled?(level: 'debug' | 'info' | 'warn' | 'error'): boolean
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {}, isLevelEnabled: () => false }
