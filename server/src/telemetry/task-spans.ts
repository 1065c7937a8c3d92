import type { Attributes, Link, SpanContext, SpanKind } from '@opentelemetry/api'
import type { Asyncv } from 'asyncv'
import { activeTelemetry } from './tracer.ts'

/** Something that a task did, as it will be told when the task has ended. */
interface Part {
  name: string
  kind: keyof typeof SpanKind
  attributes: Attributes
  startedAt: number
  endedAt: number
  failed: boolean
}

interface Running {
  startedAt: number
  attempt: number
  parts: Part[]
  /** Requests whose messages this task took up. */
  links: Link[]
}

/** Requests remembered for tasks that have not started: more than may wait are never there. */
const mostOrigins = 10_000

/**
 * Tells of each task as spans, in the words of OpenTelemetry's conventions for generative AI (opentelemetry.io/docs/specs/semconv/gen-ai,
 * 1.38): `invoke_agent`, with `chat` for each model call and `execute_tool` for each tool call. What was said is in none.
 *
 * They are made when the task has ended, with the times at which things happened: until then a task costs a few lines of
 * memory, and nothing at all while nobody listens. A task that a restart interrupts is told of by the process that ends it.
 */
export class TaskSpans {
  readonly #asyncv: Pick<Asyncv, 'on' | 'task'>
  readonly #running = new Map<string, Running>()
  /** The request that each task was made for. */
  readonly #origins = new Map<string, SpanContext>()

  constructor(asyncv: Pick<Asyncv, 'on' | 'task'>) {
    this.#asyncv = asyncv
    const { on } = asyncv
    on('task.started', ({ task, at, attempt }) => {
      if (activeTelemetry() !== null) this.#running.set(task, { startedAt: at, attempt, parts: [], links: [] })
    })
    on('model.finished', ({ task, at, ms, model, inputTokens, outputTokens }) => {
      const slash = model.indexOf('/')
      this.#running.get(task)?.parts.push({
        name: `chat ${model.slice(slash + 1)}`,
        kind: 'CLIENT',
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': model.slice(0, slash),
          'gen_ai.request.model': model.slice(slash + 1),
          'gen_ai.usage.input_tokens': inputTokens,
          'gen_ai.usage.output_tokens': outputTokens,
        },
        startedAt: at - ms,
        endedAt: at,
        failed: false,
      })
    })
    on('tool.finished', ({ task, at, ms, name, isError }) => {
      this.#running.get(task)?.parts.push({
        name: `execute_tool ${name}`,
        kind: 'INTERNAL',
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': name,
          ...(isError ? { 'error.type': 'tool_error' } : {}),
        },
        startedAt: at - ms,
        endedAt: at,
        failed: isError,
      })
    })
    on('task.absorbed', ({ task, into }) => {
      const origin = this.#origins.get(task)
      if (origin !== undefined) this.#running.get(into)?.links.push({ context: origin })
      this.#forget(task)
    })
    on('task.requeued', ({ task }) => this.#forget(task))
    on('task.finished', ({ task, at }) => void this.#tell(task, at, null))
    on('task.failed', ({ task, at, error }) => void this.#tell(task, at, error.code))
    on('task.cancelled', ({ task, at }) => void this.#tell(task, at, 'cancelled'))
  }

  /** The task was made for this request. */
  begun(task: string, origin: SpanContext): void {
    if (this.#origins.size >= mostOrigins) this.#origins.delete(this.#origins.keys().next().value ?? '')
    this.#origins.set(task, origin)
  }

  #forget(task: string): void {
    this.#running.delete(task)
    this.#origins.delete(task)
  }

  async #tell(task: string, endedAt: number, failure: string | null): Promise<void> {
    const running = this.#running.get(task)
    const telemetry = activeTelemetry()
    const origin = this.#origins.get(task)
    this.#forget(task)
    if (running === undefined || telemetry === null) return
    const { tracer, api } = telemetry
    const { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = api
    // A runtime that is stopping may not be asked any more; then the rest is told all the same.
    const known = await this.#asyncv.task(task).catch(() => null)
    const { startedAt, attempt, parts, links } = running
    const parent = origin === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, origin)
    const agent = known?.agent ?? 'unknown'
    const attributes: Attributes = {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': agent,
      'asyncv.task.id': task,
      'asyncv.task.attempt': attempt,
      ...(known === null ? {} : { 'gen_ai.conversation.id': known.session }),
      ...(failure === null ? {} : { 'error.type': failure }),
    }
    const span = tracer.startSpan(
      `invoke_agent ${agent}`,
      { kind: SpanKind.INTERNAL, startTime: startedAt, attributes, links },
      parent,
    )
    const inside = trace.setSpan(context.active(), span)
    for (const { name, kind, attributes: its, startedAt: from, endedAt: to, failed } of parts) {
      const part = tracer.startSpan(name, { kind: SpanKind[kind], startTime: from, attributes: its }, inside)
      if (failed) part.setStatus({ code: SpanStatusCode.ERROR })
      part.end(to)
    }
    if (failure !== null) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(endedAt)
  }
}
