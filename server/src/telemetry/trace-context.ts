import type * as OpenTelemetry from '@opentelemetry/api'

/** version, trace-id, parent-id, trace-flags (w3.org/TR/trace-context, section 3.2). */
const traceparent = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** Of the flags that version 00 has; a later version may have more. */
const sampled = 1

/**
 * Where a request belongs, as its caller says it; null when it says nothing or nothing that can be read, which is no error
 * of the request. What a later version adds behind is passed over, as the specification asks.
 */
export function traceContextOf(
  { createTraceState, isSpanContextValid }: Pick<typeof OpenTelemetry, 'createTraceState' | 'isSpanContextValid'>,
  parent: string | undefined,
  state: string | undefined,
): OpenTelemetry.SpanContext | null {
  const [, version, traceId = '', spanId = '', flags = '', more] = traceparent.exec(parent?.trim() ?? '') ?? []
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return null
  const context: OpenTelemetry.SpanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & sampled,
    isRemote: true,
    ...(state === undefined ? {} : { traceState: createTraceState(state) }),
  }
  return isSpanContextValid(context) ? context : null
}
