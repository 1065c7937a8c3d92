import { type Logger, silentLogger } from './logger.ts'
import { StudioError } from './studio-error.ts'

export interface StudioOptions {
  /** The SQLite file; it is made when it is not there. */
  database: string
  /**
   * Where people reach it when that is not where it listens, such as `https://studio.example`: an origin without a path.
   * With https, cookies are sent over https alone. Default: none.
   */
  publicUrl?: string
  /** Hears of bugs as errors, and at level debug of every other problem that was answered. Default: silent. */
  logger?: Logger
  /** ms since the epoch. Default: this machine's clock. */
  now?: () => number
}

export interface ResolvedStudioOptions {
  database: string
  publicUrl: URL | null
  logger: Logger
  now: () => number
}

/** Fills in the defaults. Throws `config_invalid` with the place and the value. */
export function resolveStudioOptions({
  database,
  publicUrl,
  logger = silentLogger,
  now = Date.now,
}: StudioOptions): ResolvedStudioOptions {
  return { database, publicUrl: publicUrl === undefined ? null : checkPublicUrl(publicUrl), logger, now }
}

function checkPublicUrl(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : null
  const isOrigin = url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`
  if (isOrigin) return url
  throw new StudioError(
    'config_invalid',
    `The public URL of Studio is ${JSON.stringify(value)}.`,
    'Write the scheme, the host and the port if it has one, without a path, such as "https://studio.example".',
  )
}
