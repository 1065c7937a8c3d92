import { loadParts } from '../settings/parts.ts'
import { words } from '../words/spoken.ts'
import { error, type Finding, note, ok, warning } from './finding.ts'
import type { Scene } from './scene.ts'

/** How long others may take to answer. ms */
const longestMs = 5_000
/** A `Date` head counts whole seconds, and a request takes its time. ms */
const driftMs = 5_000

/** What others on the network say: how late it is, and whether they reach the webhooks. */
export async function lookAtNetwork(scene: Scene): Promise<Finding[]> {
  const [clock, webhooks] = await Promise.all([lookAtClock(scene), lookAtWebhooks(scene)])
  return [...clock, ...webhooks]
}

/** Beside the clocks of those that the configuration talks to; retries, leases and deadlines live by ours. */
async function lookAtClock({ config }: Scene): Promise<Finding[]> {
  const { doctor } = words
  const origins = await originsOf(config)
  if (origins.length === 0) return []
  const drifts = (await Promise.all(origins.map(driftFrom))).filter((drift) => drift !== null)
  if (drifts.length === 0) return [note('clock.unknown', doctor.clockUnknown)]
  // Most of them are right; one that is wrong itself must not speak for all.
  const drift = drifts.sort((a, b) => Math.abs(a) - Math.abs(b))[0] ?? 0
  const seconds = Math.round(Math.abs(drift) / 1_000)
  if (Math.abs(drift) <= driftMs) return [ok('clock', doctor.clock)]
  return [warning('clock.drift', drift > 0 ? doctor.clockAhead(seconds) : doctor.clockBehind(seconds), doctor.clockFix)]
}

/** Positive where this clock is ahead; null when nobody answered. ms */
async function driftFrom(origin: string): Promise<number | null> {
  const begun = Date.now()
  try {
    const response = await fetch(origin, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(longestMs),
    })
    const date = Date.parse(response.headers.get('date') ?? '')
    return Number.isNaN(date) ? null : (begun + Date.now()) / 2 - (date + 500)
  } catch {
    return null
  }
}

interface NamedPart {
  type?: unknown
  options?: Record<string, unknown>
}

function partsIn(config: unknown, kind: 'providers' | 'connectors'): [string, NamedPart][] {
  const parts = (Object(config) as Record<string, unknown>)[kind]
  return Object.entries(Object(parts)).map(([name, part]) => [name, Object(part) as NamedPart])
}

/** Those that the file names itself, else those that belong to the types that it names. */
async function originsOf(config: unknown): Promise<string[]> {
  const definitions = await loadParts(config).catch(() => [])
  const parts = [...partsIn(config, 'providers'), ...partsIn(config, 'connectors')]
  const origins = parts.flatMap(([, { type, options = {} }]) => {
    const named = [options['baseURL'], options['apiRoot'], options['apiUrl']].filter((url) => typeof url === 'string')
    const usual = definitions.find((definition) => definition.type === type)?.origin
    return named.length > 0 ? named : usual === undefined ? [] : [usual]
  })
  return [...new Set(origins.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin))]
}

/** Whether what a platform would call answers, from here at least; what Telegram itself says of it stands with its connector. */
async function lookAtWebhooks({ config, owner }: Scene): Promise<Finding[]> {
  const { doctor } = words
  const hooks = partsIn(config, 'connectors').flatMap(([name, { options = {} }]) => {
    const { url } = Object(options['webhook']) as { url?: unknown }
    return typeof url === 'string' && URL.canParse(url) ? [{ name, url }] : []
  })
  return Promise.all(
    hooks.map(async ({ name, url }): Promise<Finding> => {
      const path = `/connectors/${name}`
      if (!new URL(url).pathname.endsWith(path)) {
        return warning('webhook.path', doctor.webhookPath(name, url), doctor.webhookPathFix(path))
      }
      if (owner === null) return note('webhook.untested', doctor.webhookUntested(name), null)
      try {
        // Without the secret it is refused; that it answers at all, and as ours does, is what counts.
        const { status } = await fetch(url, {
          method: 'POST',
          body: '{}',
          redirect: 'manual',
          signal: AbortSignal.timeout(longestMs),
        })
        return status === 401 || status === 403
          ? ok('webhook', doctor.webhook(name, url))
          : error('webhook.foreign', doctor.webhookForeign(name, url, status), doctor.webhookFix)
      } catch (failure) {
        const { cause, message } = failure as Error & { cause?: Error }
        const why = cause?.message || message
        return error('webhook.unreachable', doctor.webhookUnreachable(name, url, why), doctor.webhookFix)
      }
    }),
  )
}
