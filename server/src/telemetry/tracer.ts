import { createRequire } from 'node:module'
import type * as OpenTelemetry from '@opentelemetry/api'
import { version } from '../version.ts'

export interface Telemetry {
  tracer: OpenTelemetry.Tracer
  api: typeof OpenTelemetry
}

/** Where an SDK registers itself, for every copy of the API to find it (opentelemetry-js, `global-utils.ts` of the API). */
const registration = Symbol.for('opentelemetry.js.api.1')

const require = createRequire(import.meta.url)

/**
 * The tracer of whoever runs the process; null while nobody has registered an SDK, and then nothing is done for it: not even the
 * API is loaded, whose 44 files each start would wait for. Asked for each time: an SDK may come later.
 */
export function activeTelemetry(): Telemetry | null {
  if (!(registration in globalThis)) return null
  // At once, since the caller is in the middle of a request. Whoever has registered an SDK has loaded the API, so it is there.
  const api = require('@opentelemetry/api') as typeof OpenTelemetry
  const provider = api.trace.getTracerProvider()
  const tracer =
    provider instanceof api.ProxyTracerProvider
      ? provider.getDelegateTracer('asyncv', version)
      : provider.getTracer('asyncv', version)
  return tracer === undefined ? null : { tracer, api }
}
