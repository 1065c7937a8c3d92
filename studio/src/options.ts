import { dirname, join } from 'node:path'
import { builtApp } from './built-app.ts'
import { type AppOrigin, readAppOrigins } from './app-origins.ts'
import { type PasswordCost, usualCost } from './accounts/password.ts'
import { type IsProxy, readProxies } from './http/proxies.ts'
import { type Logger, silentLogger } from './logger.ts'
import { StudioError } from './studio-error.ts'

export interface StudioOptions {
  /** The SQLite file; it is made when it is not there. */
  database: string
  /** The file with the key that seals what is secret, readable by its owner alone; made when it is not there. Default: `studio.key` beside the database. */
  keyFile?: string
  /** That key itself, 32 bytes in base64 or hexadecimal, in place of the file. */
  key?: string
  /** The folder of the built web app. Default: that of this package. */
  app?: string
  /**
   * Where people reach it when that is not where it listens, such as `https://studio.example`: an origin without a path.
   * With https, cookies are sent over https alone. Default: none.
   */
  publicUrl?: string
  /**
   * Other hosts that have the web app, as `writeStaticApp` makes it, and may call this service from a browser, such as
   * `https://pages.example` or, where it is below a path, `https://pages.example/studio/`. Https, or this machine. Links lead to
   * the first. Default: none, and no page of another origin is answered.
   */
  appOrigins?: readonly string[]
  /**
   * Addresses and subnets of proxies, such as `10.0.0.0/8`: what these say in `X-Forwarded-For` counts, read from the right.
   * Default: this machine's own where there is a public URL, else none.
   */
  trustProxy?: readonly string[]
  /** How often runtimes are looked at for drift, and whether they answer. ms, at least 100. Default 15,000. */
  lookEveryMs?: number
  /** Lets webhooks lead into private networks, and to this machine. Default false. */
  allowPrivateWebhooks?: boolean
  /** What it costs to try a password. Less is for tests alone. Default: N = 2^15, r = 8, p = 3. */
  passwordCost?: PasswordCost
  /** Hears of bugs as errors, and at level debug of every other problem that was answered. Default: silent. */
  logger?: Logger
  /** ms since the epoch. Default: this machine's clock. */
  now?: () => number
}

export interface ResolvedStudioOptions {
  database: string
  keyFile: string
  key: string | null
  app: string
  publicUrl: URL | null
  appOrigins: readonly AppOrigin[]
  isProxy: IsProxy
  lookEveryMs: number
  allowPrivateWebhooks: boolean
  passwordCost: PasswordCost
  logger: Logger
  now: () => number
}

/** Of this machine, to itself. */
const ownAddresses = ['127.0.0.0/8', '::1']

/** Fills in the defaults. Throws `config_invalid` with the place and the value. */
export function resolveStudioOptions(given: StudioOptions): ResolvedStudioOptions {
  const { database, key } = given
  const publicUrl = given.publicUrl === undefined ? null : checkPublicUrl(given.publicUrl)
  return {
    database,
    keyFile: given.keyFile ?? join(dirname(database), 'studio.key'),
    key: key ?? null,
    app: given.app ?? builtApp,
    publicUrl,
    appOrigins: readAppOrigins(given.appOrigins ?? [], publicUrl),
    isProxy: readProxies(given.trustProxy ?? (publicUrl === null ? [] : ownAddresses)),
    lookEveryMs: checkLook(given.lookEveryMs ?? 15_000),
    allowPrivateWebhooks: given.allowPrivateWebhooks ?? false,
    passwordCost: given.passwordCost ?? usualCost,
    logger: given.logger ?? silentLogger,
    now: given.now ?? Date.now,
  }
}

function checkLook(everyMs: number): number {
  if (Number.isFinite(everyMs) && everyMs >= 100) return everyMs
  throw new StudioError(
    'config_invalid',
    `Studio would look at its runtimes every ${everyMs} ms.`,
    'Give at least 100 ms as lookEveryMs, or leave it out.',
  )
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
