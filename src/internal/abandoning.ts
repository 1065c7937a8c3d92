/** For functions that are not ours, such as tools: whoever is aborted leaves them behind instead of waiting. */

/** Calls it at once, so that nothing can come between a last look at a signal and the call; a throw is a rejection. */
export async function start<Value>(run: () => Value | Promise<Value>): Promise<Value> {
  return run()
}

/** Rejects with the signal's reason when it is aborted, and never resolves. To race with. */
export function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
