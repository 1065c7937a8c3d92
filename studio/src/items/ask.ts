import { Problem } from '../http/problem.ts'
import type { Question, RuntimePort } from './runtime-port.ts'

/** Asks a runtime, and waits no longer than that: whoever hangs is as good as away. Rejects with a `Problem`. */
export async function askWithin(
  patienceMs: number,
  runtimes: Pick<RuntimePort, 'ask'>,
  runtime: string,
  question: Omit<Question, 'signal'>,
): Promise<{ status: number; body: unknown }> {
  const signal = AbortSignal.timeout(patienceMs)
  try {
    return await runtimes.ask(runtime, { ...question, signal })
  } catch (error) {
    if (!signal.aborted || error instanceof Problem) throw error
    throw new Problem('runtime_unreachable', `The runtime did not answer within ${patienceMs / 1000} s.`, {
      hint: 'Look at how it is doing, and ask again.',
    })
  }
}
