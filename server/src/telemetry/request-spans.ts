import type { Span, SpanContext } from '@opentelemetry/api'
import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { perRequest } from '../per-request.ts'
import { traceContextOf } from './trace-context.ts'
import { activeTelemetry } from './tracer.ts'

const spans = perRequest<Span>()

/**
 * Tells of each request as a span (opentelemetry.io/docs/specs/semconv/http, 1.38), a child of the caller's if it sent a
 * `traceparent`. It ends when the answer begins: how long a stream goes on says nothing of the service.
 */
export const traceRequests: MiddlewareHandler = async (c, next) => {
  const telemetry = activeTelemetry()
  if (telemetry === null) return next()
  const { tracer, api } = telemetry
  const { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = api
  const { method } = c.req
  const caller = traceContextOf(api, c.req.header('traceparent'), c.req.header('tracestate'))
  const parent = caller === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, caller)
  const attributes = { 'http.request.method': method, 'url.path': c.req.path, 'url.scheme': schemeOf(c.req.url) }
  const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent)
  spans.set(c, span)
  await next()
  const route = routeOf(c)
  if (route !== null) span.updateName(`${method} ${route}`).setAttribute('http.route', route)
  const { status } = c.res
  span.setAttribute('http.response.status_code', status)
  if (status >= 500) span.setAttribute('error.type', String(status)).setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}

/** Null while nobody listens. */
export function traceOf(c: Context): SpanContext | null {
  return spans.get(c)?.spanContext() ?? null
}

/** As it was written down, so that there are never more names of spans than routes. */
function routeOf(c: Context): string | null {
  const route = matchedRoutes(c).findLast(({ path }) => !path.includes('*'))
  return route === undefined ? null : route.path.replaceAll(/:(\w+)/g, '{$1}')
}

function schemeOf(url: string): string {
  return url.slice(0, url.indexOf(':'))
}
