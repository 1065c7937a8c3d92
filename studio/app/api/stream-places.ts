/**
 * A browser opens six connections to a host, whatever number of its windows are open, and each stream that one follows holds
 * one. So all windows together follow at most four at once, and two connections are left for what is asked. A browser has locks
 * on https and on this machine; elsewhere, and where it refuses them, nobody counts.
 */
const most = 4

/** After so long whoever waits is told that they do. ms. */
const noticedMs = 250

/** Resolves once there is a place, with what gives it back. Rejects when the signal is aborted before. */
export function takePlace(signal: AbortSignal, onWait: () => void): Promise<() => void> {
  const { locks } = navigator as Partial<Pick<Navigator, 'locks'>>
  if (locks === undefined) return Promise.resolve(() => {})
  return new Promise((resolve, reject) => {
    const found = new AbortController()
    const asked = AbortSignal.any([signal, found.signal])
    if (signal.aborted) return reject(signal.reason as Error)
    const timer = setTimeout(onWait, noticedMs)
    asked.addEventListener('abort', () => {
      clearTimeout(timer)
      if (signal.aborted) reject(signal.reason as Error)
    })
    for (let place = 0; place < most; place += 1) {
      const request = locks.request(`studio.stream.${place}`, { signal: asked }, () => {
        // Two may be free in the same moment.
        if (asked.aborted) return undefined
        found.abort()
        return new Promise<void>((leave) => resolve(leave))
      })
      request.catch(() => {
        // What is asked for no longer is rejected. Else a browser that keeps nothing for this page gives it no lock either.
        if (asked.aborted) return
        found.abort()
        resolve(() => {})
      })
    }
  })
}
