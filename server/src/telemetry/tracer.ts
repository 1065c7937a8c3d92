import { ProxyTracerProvider, trace, type Tracer } from '@opentelemetry/api'
import { version } from '../version.ts'

/**
 * The tracer of whoever runs the process; null while nobody has registered an SDK, and then nothing is done for it. Asked for
 * each time: an SDK may come later.
 */
export function activeTracer(): Tracer | null {
  const provider = trace.getTracerProvider()
  if (provider instanceof ProxyTracerProvider) return provider.getDelegateTracer('asyncv', version) ?? null
  return provider.getTracer('asyncv', version)
}
