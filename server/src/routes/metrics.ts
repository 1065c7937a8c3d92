import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Stats } from 'asyncv'
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import type { CallerOf } from '../service/caller.ts'
import { version } from '../version.ts'
import { problems } from './responses.ts'

/** How often the delay of the event loop is sampled. ms. */
const resolution = 20

/** `/metrics` in the Prometheus text format (prometheus.io/docs/instrumenting/exposition_formats). */
export function metricsRoute(app: OpenAPIHono, callerOf: CallerOf): void {
  // Starts with the first look: who does not scrape, does not pay.
  let delay: IntervalHistogram | null = null
  app.openapi(getMetrics, async (c) => {
    if (delay === null) {
      delay = monitorEventLoopDelay({ resolution })
      delay.enable()
    }
    const text = [...runtimeMetrics(await callerOf(c).stats()), ...processMetrics(delay)].join('\n')
    return c.text(`${text}\n`, 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' })
  })
}

const getMetrics = createRoute({
  method: 'get',
  path: '/metrics',
  summary: 'How it is doing, for Prometheus',
  responses: {
    200: { description: 'Metrics in the text format', content: { 'text/plain': { schema: z.string() } } },
    ...problems,
  },
})

function runtimeMetrics(stats: Stats): string[] {
  const { tasks, deliveries, sent, ended, commits } = stats
  return [
    ...metric('asyncv_inbox_depth', 'gauge', 'Messages accepted and not yet being answered', [['', tasks.queued]]),
    ...metric('asyncv_tasks', 'gauge', 'Open tasks by state', labelled('state', tasks)),
    ...metric('asyncv_outbox_pending', 'gauge', 'Deliveries on their way', [
      ['', deliveries.pending + deliveries.sending + deliveries.retrying + deliveries.uncertain],
    ]),
    ...metric(
      'asyncv_deliveries',
      'gauge',
      'Deliveries by state, but for those that ended well',
      labelled('state', deliveries),
    ),
    ...metric('asyncv_deliveries_sent_total', 'counter', 'Deliveries that arrived', [['', sent]]),
    ...metric('asyncv_dead_letters', 'gauge', 'Deliveries that were given up', [['', deliveries.dead]]),
    ...metric('asyncv_uncertain_sends', 'gauge', 'Sends of which nobody knows whether they arrived', [
      ['', stats.uncertainSends],
    ]),
    ...metric('asyncv_messages_accepted_total', 'counter', 'Messages accepted since the start', [['', stats.accepted]]),
    ...metric('asyncv_tasks_ended_total', 'counter', 'Tasks ended since the start', labelled('outcome', ended)),
    ...metric('asyncv_commits_total', 'counter', 'Commits that reached the disk', [['', commits.commits]]),
    ...metric('asyncv_transactions_total', 'counter', 'Transactions those commits carried', [['', commits.riders]]),
  ]
}

function processMetrics(delay: IntervalHistogram): string[] {
  const { rss, heapUsed } = process.memoryUsage()
  // Node counts the whole time between two samples, so that an idle loop would seem to be late by a sample's length.
  const seconds = (quantile: number): number => Math.max(0, delay.percentile(quantile) / 1e9 - resolution / 1e3)
  return [
    ...metric('asyncv_event_loop_delay_seconds', 'gauge', 'Delay of the event loop since the first scrape', [
      ['{quantile="0.5"}', seconds(50)],
      ['{quantile="0.99"}', seconds(99)],
    ]),
    ...metric('asyncv_resident_memory_bytes', 'gauge', 'Resident memory', [['', rss]]),
    ...metric('asyncv_heap_used_bytes', 'gauge', 'JavaScript heap in use', [['', heapUsed]]),
    ...metric('asyncv_uptime_seconds', 'gauge', 'Since the process began', [['', Math.round(process.uptime())]]),
    ...metric('asyncv_build_info', 'gauge', 'Always 1; what runs is in the labels', [
      [`{version="${version}",node="${process.version}"}`, 1],
    ]),
  ]
}

function labelled(label: string, values: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(values).map(([value, count]) => [`{${label}="${value}"}`, count])
}

function metric(
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  values: [labels: string, value: number][],
): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...values.map(([labels, value]) => `${name}${labels} ${value}`),
  ]
}
