import type { Asyncv, Stats } from 'asyncv'
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { version } from './version.ts'

/** How often the delay of the event loop is sampled. ms. */
const resolution = 20

/** From a millisecond to ten minutes: models are slow, what is ours is not. Seconds. */
const buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600]

export interface Metrics {
  contentType: string
  /** The metrics now, in the Prometheus text format (prometheus.io/docs/instrumenting/exposition_formats). */
  text(stats: Stats): Promise<string>
}

/** What of a runtime is heard and looked at while it runs: a release may bring other agents. */
interface Heard extends Pick<Asyncv, 'on'> {
  agents(): Asyncv['agents']
}

/**
 * What operators watch. Counts of calls and tokens are heard of as they happen; the rest is looked up when it is asked for.
 * Labels hold names of the configuration only, so that there are never more of them than that has.
 */
export function createMetrics(asyncv: Heard): Metrics {
  const registers = [new Registry()]
  const [registry] = registers as [Registry]
  hearOfCalls(asyncv, registers)
  hearOfOwnTime(asyncv, registers)
  const show = runtimeMetrics(registers)
  const showProcess = processMetrics(registers)
  return {
    contentType: registry.contentType,
    text(stats) {
      show(stats)
      showProcess()
      return registry.metrics()
    },
  }
}

function hearOfCalls({ on, agents }: Heard, registers: Registry[]): void {
  const tokens = new Counter({
    name: 'asyncv_model_tokens_total',
    help: 'Tokens that model services counted',
    labelNames: ['model', 'kind'],
    registers,
  })
  const costs = new Counter({
    name: 'asyncv_model_cost_total',
    help: 'What model calls cost, by the configured prices and in their currency',
    labelNames: ['model'],
    registers,
  })
  const calls = new Histogram({
    name: 'asyncv_model_call_seconds',
    help: 'Model calls that were finished',
    labelNames: ['model'],
    buckets,
    registers,
  })
  const retries = new Counter({
    name: 'asyncv_model_retries_total',
    help: 'Model calls that were made again',
    labelNames: ['model'],
    registers,
  })
  const tools = new Histogram({
    name: 'asyncv_tool_call_seconds',
    help: 'Tool calls that were finished',
    labelNames: ['tool', 'outcome'],
    buckets,
    registers,
  })
  on('model.finished', ({ model, inputTokens, outputTokens, cost, ms }) => {
    if (cost !== null) costs.inc({ model }, cost)
    tokens.inc({ model, kind: 'input' }, inputTokens)
    tokens.inc({ model, kind: 'output' }, outputTokens)
    calls.observe({ model }, ms / 1000)
  })
  on('model.retried', ({ model }) => retries.inc({ model }))
  on('tool.finished', ({ name, isError, ms }) =>
    tools.observe({ tool: isTool(name) ? name : 'unknown', outcome: isError ? 'error' : 'ok' }, ms / 1000),
  )

  /** A model may call what there is not. */
  function isTool(name: string): boolean {
    return agents().some(({ tools: its }) => its.includes(name))
  }
}

/**
 * What an answered task took besides its models and tools. Calls that ran side by side count one after the other, so it errs low.
 * How long a call took that was cut off is not told, so tasks that ended otherwise say nothing.
 */
function hearOfOwnTime({ on }: Pick<Asyncv, 'on'>, registers: Registry[]): void {
  const own = new Histogram({
    name: 'asyncv_task_own_seconds',
    help: 'Time of an answered task, from its start to its end, that no model and no tool took',
    buckets,
    registers,
  })
  const running = new Map<string, { startedAt: number; elsewhereMs: number }>()
  on('task.started', ({ task, at }) => void running.set(task, { startedAt: at, elsewhereMs: 0 }))
  const spent = ({ task, ms }: { task: string; ms: number }): void => {
    const known = running.get(task)
    if (known !== undefined) known.elsewhereMs += ms
  }
  on('model.finished', spent)
  on('tool.finished', spent)
  on('task.finished', ({ task, at }) => {
    const known = running.get(task)
    running.delete(task)
    if (known !== undefined) own.observe(Math.max(0, at - known.startedAt - known.elsewhereMs) / 1000)
  })
  for (const type of ['task.failed', 'task.cancelled', 'task.requeued'] as const) {
    on(type, ({ task }) => void running.delete(task))
  }
}

function runtimeMetrics(registers: Registry[]): (stats: Stats) => void {
  const gauge = (name: string, help: string, labelNames: string[] = []): Gauge =>
    new Gauge({ name: `asyncv_${name}`, help, labelNames, registers })
  const counter = (name: string, help: string, labelNames: string[] = []): Counter =>
    new Counter({ name: `asyncv_${name}`, help, labelNames, registers })
  const depth = gauge('inbox_depth', 'Messages accepted and not yet being answered')
  const tasks = gauge('tasks', 'Open tasks by state', ['state'])
  const pending = gauge('outbox_pending', 'Deliveries on their way')
  const deliveries = gauge('deliveries', 'Deliveries by state, but for those that ended well', ['state'])
  const dead = gauge('dead_letters', 'Deliveries that were given up')
  const uncertain = gauge('uncertain_sends', 'Sends of which nobody knows whether they arrived')
  const sent = counter('deliveries_sent_total', 'Deliveries that arrived')
  const accepted = counter('messages_accepted_total', 'Messages accepted since the start')
  const ended = counter('tasks_ended_total', 'Tasks ended since the start', ['outcome'])
  const commits = counter('commits_total', 'Commits that reached the disk')
  const transactions = counter('transactions_total', 'Transactions those commits carried')
  return (stats) => {
    const { pending: waiting, sending, retrying, uncertain: doubtful } = stats.deliveries
    depth.set(stats.tasks.queued)
    for (const [state, count] of Object.entries(stats.tasks)) tasks.set({ state }, count)
    pending.set(waiting + sending + retrying + doubtful)
    for (const [state, count] of Object.entries(stats.deliveries)) deliveries.set({ state }, count)
    dead.set(stats.deliveries.dead)
    uncertain.set(stats.uncertainSends)
    count(sent, stats.sent)
    count(accepted, stats.accepted)
    ended.reset()
    for (const [outcome, number] of Object.entries(stats.ended)) ended.inc({ outcome }, number)
    count(commits, stats.commits.commits)
    count(transactions, stats.commits.riders)
  }
}

/** The runtime counts; here it is only shown. */
function count(counter: Counter, value: number): void {
  counter.reset()
  counter.inc(value)
}

function processMetrics(registers: Registry[]): () => void {
  const gauge = (name: string, help: string, labelNames: string[] = []): Gauge =>
    new Gauge({ name: `asyncv_${name}`, help, labelNames, registers })
  const lag = gauge('event_loop_delay_seconds', 'Delay of the event loop since the first scrape', ['percentile'])
  const resident = gauge('resident_memory_bytes', 'Resident memory')
  const heap = gauge('heap_used_bytes', 'JavaScript heap in use')
  const uptime = gauge('uptime_seconds', 'Since the process began')
  gauge('build_info', 'Always 1; what runs is in the labels', ['version', 'node']).set(
    { version, node: process.version },
    1,
  )
  // Starts with the first look: who does not scrape, does not pay.
  let delay: IntervalHistogram | null = null
  return () => {
    if (delay === null) {
      delay = monitorEventLoopDelay({ resolution })
      delay.enable()
    }
    for (const percentile of [50, 99]) {
      // Node counts the whole time between two samples, so that an idle loop would seem to be late by a sample's length.
      lag.set({ percentile }, Math.max(0, delay.percentile(percentile) / 1e9 - resolution / 1e3))
    }
    const { rss, heapUsed } = process.memoryUsage()
    resident.set(rss)
    heap.set(heapUsed)
    uptime.set(Math.round(process.uptime()))
  }
}
