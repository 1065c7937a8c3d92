import type { Status } from 'asyncv'
import { readOwner } from '@asyncv/migrations'
import { withFileOfNow } from '../release/file-of-now.ts'
import { CommandError } from '../failure.ts'
import { managementOf } from './management.ts'
import { findDatabase, findService, type FoundService, identifiedBy, noService } from './service.ts'
import { studioBeside } from './studio-beside.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

export interface Check {
  name: string
  ok: boolean
  detail?: string
}

/** What anybody sees of a service, and what its operator does. */
export interface Seen {
  url: string
  ready: boolean
  checks: Check[]
  numbers: Record<string, number>
  /** Why there are no numbers; null where there are. */
  whyNone: string | null
  /** What the listener for those who manage it tells; null where this is not its host, or not its user. */
  service: ServiceStatus | null
  /** Where a Studio runs beside it; null where none does, or where the service was named, which may be anywhere. */
  studio: string | null
}

/** `GET /admin/v1/status`, as far as it is shown. */
export interface ServiceStatus
  extends Pick<Status, 'storage' | 'connectors' | 'providers' | 'plugins' | 'agents' | 'drain'> {
  /** Missing where the service is older than this command. */
  change?: Status['change']
  version: string
  node: string
  pid: number
  uptimeMs: number | null
  release: { revision: number; publisher: string; hash: string; inForce: boolean; fileInForce: boolean | null } | null
}

/** Looks at the service that was named, or that runs here. Throws when there is none. */
export async function lookAt(flags: Flags): Promise<Seen> {
  const service = await findService(flags, process.env)
  if (service === null) throw noService(null)
  // An empty one is as good as none.
  const named = flags['url'] !== undefined || (process.env['ASYNCV_URL'] ?? '') !== ''
  // One that hangs is not asked for more, which would be waited for.
  const seen = await look(service)
  if (named) return { url: service.url, ...seen, service: null, studio: null }
  const [managed, studio] = await Promise.all([manage(service.url), studioBeside(process.env)])
  return { url: service.url, ...seen, service: managed, studio }
}

/** How long a service may take to say how it is. ms. */
const answerMs = 5_000

async function look({ url, key }: FoundService): Promise<Omit<Seen, 'url' | 'service' | 'studio'>> {
  const limits = { signal: AbortSignal.timeout(answerMs), redirect: 'manual' as const }
  try {
    const [readyz, metrics] = await Promise.all([
      fetch(`${url}/readyz`, limits),
      fetch(`${url}/metrics`, { ...limits, headers: identifiedBy(key) }),
    ])
    const { ready, checks } = (await readyz.json()) as { ready: boolean; checks: Check[] }
    if (typeof ready !== 'boolean' || !Array.isArray(checks)) throw new Error('no answer of ours')
    if (metrics.ok) return { ready, checks, numbers: readNumbers(await metrics.text()), whyNone: null }
    // Not zero: that is what somebody hopes to read.
    const whyNone = metrics.status === 401 ? words.status.wantsKey : words.status.answered(metrics.status)
    return { ready, checks, numbers: {}, whyNone }
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') {
      throw new CommandError(words.service.hangs(url, answerMs / 1_000), words.service.isItBusy, 1)
    }
    // Nothing listens there, or something else does: the way out is the same.
    throw noService(url)
  }
}

/** Whoever may not manage it sees the rest all the same. */
async function manage(url: string): Promise<ServiceStatus | null> {
  try {
    const database = await findDatabase(process.env)
    const owner = await readOwner(database)
    if (owner?.url !== url) return null
    const status = await managementOf(owner, database, 'asyncv.status()').ask<ServiceStatus>('GET', '/status')
    return { ...status, release: status.release === null ? null : await withFileOfNow(status.release) }
  } catch {
    return null
  }
}

const shown: Record<string, string> = {
  asyncv_inbox_depth: 'waiting',
  'asyncv_tasks{state="running"}': 'running',
  asyncv_outbox_pending: 'to be delivered',
  asyncv_uncertain_sends: 'uncertain sends',
  asyncv_dead_letters: 'dead letters',
  asyncv_messages_accepted_total: 'accepted',
  'asyncv_tasks_ended_total{outcome="failed"}': 'failed',
}

function readNumbers(text: string): Record<string, number> {
  const values = new Map(
    text
      .split('\n')
      .map((line): [string, number] => [
        line.slice(0, line.lastIndexOf(' ')),
        Number(line.slice(line.lastIndexOf(' '))),
      ]),
  )
  return Object.fromEntries(Object.entries(shown).map(([metric, name]) => [name, values.get(metric) ?? 0]))
}
