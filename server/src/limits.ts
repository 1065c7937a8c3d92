import { AsyncvError } from 'asyncv'

/** What one service takes on at most. Whatever is over is refused before anything is accepted. */
export interface ServerLimits {
  /** Of one key, or of everybody without one; 0 for no limit. Default 0. */
  requestsPerMinute?: number
  /** Event streams open at once. Default 2,000. */
  streams?: number
  /** Connections open at once; more are closed as they come. Default 10,000. */
  connections?: number
  /** How often a quiet stream gets a comment. ms, at least 100, default 15,000. */
  pingMs?: number
  /** A client that takes nothing of its answer for so long is cut. ms, at least 100, default 25,000. */
  stuckMs?: number
}

const defaults: Required<ServerLimits> = {
  requestsPerMinute: 0,
  streams: 2_000,
  connections: 10_000,
  pingMs: 15_000,
  stuckMs: 25_000,
}

const least: Required<ServerLimits> = { requestsPerMinute: 0, streams: 1, connections: 1, pingMs: 100, stuckMs: 100 }

/** Fills in the defaults. Throws `config_invalid` with the place and the value. */
export function resolveLimits(given: ServerLimits = {}): Required<ServerLimits> {
  const limits = { ...defaults, ...given }
  for (const name of Object.keys(limits) as (keyof ServerLimits)[]) {
    if (!(name in least) || !Number.isInteger(limits[name]) || limits[name] < least[name]) {
      throw new AsyncvError('config_invalid', `server.limits.${name} is ${JSON.stringify(limits[name])}.`, {
        hint: `Known: ${Object.keys(least).join(', ')}, whole numbers${name in least ? ` from ${least[name]} up` : ''}.`,
      })
    }
  }
  return limits
}
