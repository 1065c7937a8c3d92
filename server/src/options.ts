import { AsyncvError, type Logger, type ServerConfig, silentLogger } from 'asyncv'
import { serverConfig } from 'asyncv/schemas'
import type { z } from 'zod'
import { toOrigin } from './guard.ts'
import type { LogBook } from './logs/log-book.ts'
import { senders, type SenderOf } from './sender.ts'

/** Everything in it has a default. */
export interface ServerOptions extends Omit<ServerConfig, 'host' | 'port' | 'managementPort'> {
  /** A key that may do everything, in every space; begins with `avk_`. Default: none. */
  operatorKey?: string
  /** Hears of bugs as errors, and at level debug of every other problem that was answered. Default: silent. */
  logger?: Logger
  /** The last lines of the log, for who manages the runtime. Default: none are shown. */
  logs?: LogBook
}

export interface ResolvedServerOptions
  extends Omit<
    z.output<typeof serverConfig>,
    'host' | 'port' | 'managementPort' | 'notReadyMs' | 'publicUrl' | 'trustProxy'
  > {
  publicUrl: URL | null
  notReadyMs: number
  senderOf: SenderOf
  operatorKey: string | null
  logger: Logger
  logs: LogBook | null
}

/** Fills in the defaults. Throws `config_invalid` with the place and the value. */
export function resolveServerOptions(given: ServerOptions): ResolvedServerOptions {
  const { operatorKey, logger, logs, ...config } = given
  const checked = serverConfig.safeParse(config, { reportInput: true })
  if (!checked.success) {
    const problems = checked.error.issues.map(({ path, message, input }) => {
      return `server.${path.join('.')}: ${message} (it is ${JSON.stringify(input)})`
    })
    throw new AsyncvError('config_invalid', problems.join('\n'), { hint: 'See ServerConfig for what each may be.' })
  }
  const { publicUrl, allowedOrigins, trustProxy, notReadyMs = 0, ...rest } = checked.data
  return {
    ...rest,
    notReadyMs,
    allowedOrigins: allowedOrigins.map(toOrigin),
    publicUrl: publicUrl === undefined ? null : new URL(publicUrl),
    senderOf: senders(trustProxy),
    operatorKey: operatorKey ?? null,
    logger: logger ?? silentLogger,
    logs: logs ?? null,
  }
}
