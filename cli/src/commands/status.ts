import colors from 'picocolors'
import { endWithReader, printJson } from '../output.ts'
import type { Flags } from '../tree.ts'
import { type FoundService, findService, identifiedBy, noService } from '../service.ts'
import { words } from '../words/spoken.ts'
import { cleanLine } from '../terminal/clean.ts'
import { padEnd } from '../terminal/width.ts'

interface Check {
  name: string
  ok: boolean
  detail?: string
}

/** `asyncv status`: readiness and the numbers that matter. Exit code 1 when the service is not ready. */
export async function run(flags: Flags): Promise<void> {
  endWithReader()
  const service = await findService(flags, process.env)
  if (service === null) throw noService(null)
  const { url } = service
  const { ready, checks, numbers, whyNone } = await look(service)
  if (!ready) process.exitCode = 1
  if (flags['json']) {
    return printJson({ url, ready, checks, numbers })
  }
  const { green, red, bold, dim } = colors.createColors(colors.isColorSupported && process.stdout.isTTY)
  const mark = (ok: boolean): string => (ok ? green('✓') : red('✗'))
  const said = words.status.numbers as Record<string, string>
  const lines = [
    `${mark(ready)} ${ready ? words.status.ready(bold(url)) : words.status.notReady(bold(url))}`,
    ...checks.map(
      ({ name, ok, detail }) =>
        `  ${mark(ok)} ${cleanLine(name)}${detail === undefined ? '' : dim(` (${cleanLine(detail)})`)}`,
    ),
    ...Object.entries(numbers).map(([name, value]) => `  ${padEnd(said[name] ?? name, 20)} ${value}`),
    ...(whyNone === null ? [] : [`  ${words.status.unknown(whyNone)}`]),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

interface Seen {
  ready: boolean
  checks: Check[]
  numbers: Record<string, number>
  /** Why there are no numbers; null where there are. */
  whyNone: string | null
}

async function look({ url, key }: FoundService): Promise<Seen> {
  const limits = { signal: AbortSignal.timeout(5_000), redirect: 'manual' as const }
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
  } catch {
    // Nothing listens there, something else does, or it hangs: the way out is the same.
    throw noService(url)
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
