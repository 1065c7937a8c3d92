/** What a service has to do with the process that started it. */
export interface Parent {
  /** `watch` begins it anew when files change; `detach` waits until it is ready and leaves. */
  role: 'watch' | 'detach'
  tell(message: object): void
  /** Calls back when the parent has left, also when it was killed. Returns how to stop listening. */
  onGone(callback: () => void): () => void
}

export const parentVariable = 'ASYNCV_PARENT'

/** The parent that waits for word, over the channel that Node gives to a child; null where nobody does. */
export function parentOf(env: Record<string, string | undefined>): Parent | null {
  const role = env[parentVariable]
  // Not for what the service starts in its turn.
  delete env[parentVariable]
  if (role !== 'watch' && role !== 'detach') return null
  return {
    role,
    tell(message) {
      // It may be gone already.
      if (process.connected) process.send?.(message, () => {})
    },
    onGone(callback) {
      if (!process.connected) {
        callback()
        return () => {}
      }
      process.once('disconnect', callback)
      return () => void process.off('disconnect', callback)
    },
  }
}
