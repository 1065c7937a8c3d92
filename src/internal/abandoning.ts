/** For functions that are not ours, such as tools: whoever is aborted leaves them behind instead of waiting. */

/** How long each part that is not ours may take to stop or close. ms. */
export const closeMs = 5_000

/** Calls it at once, so that nothing can come between a last look at a signal and the call; a throw is a rejection. */
export async function start<Value>(run: () => Value | Promise<Value>): Promise<Value> {
  return run()
}

/**
 * What it gives, unless the signal is aborted before that: then it is left behind, or not even called, and what it does
 * afterwards is for nothing. Unlike a race with `aborted` it leaves nothing on a signal that outlives it.
 */
export function unlessAborted<Value>(signal: AbortSignal, run: () => Value | Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const leave = (): void => reject(signal.reason)
    const stay = (): void => signal.removeEventListener('abort', leave)
    signal.addEventListener('abort', leave, { once: true })
    start(run).then(
      (value) => {
        stay()
        resolve(value)
      },
      (error: unknown) => {
        stay()
        reject(error)
      },
    )
  })
}

/** What it gives; rejects when that takes longer than `ms`. */
export async function atMost<Value>(
  ms: number,
  clock: { after(ms: number, fn: () => void): () => void },
  run: () => Value | Promise<Value>,
): Promise<Value> {
  const limit = new AbortController()
  const cancel = clock.after(ms, () => limit.abort(new Error(`It took longer than ${ms} ms.`)))
  try {
    return await unlessAborted(limit.signal, run)
  } finally {
    cancel()
  }
}

/** Rejects with the signal's reason when it is aborted, and never resolves. To race with. */
export function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
