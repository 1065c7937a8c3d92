/** What a client would like (RFC 7240, the header `Prefer`). What is not understood there says nothing. */

export function prefersAsync(prefer = ''): boolean {
  return preferences(prefer).some((preference) => /^respond-async\s*(;|$)/i.test(preference))
}

/** How long it would wait for the answer. ms; 0 where it does not say. */
export function preferredWaitMs(prefer = ''): number {
  for (const preference of preferences(prefer)) {
    const seconds = /^wait\s*=\s*"?(\d{1,6})"?\s*(;|$)/i.exec(preference)?.[1]
    if (seconds !== undefined) return Number(seconds) * 1000
  }
  return 0
}

function preferences(prefer: string): string[] {
  return prefer.split(',').map((preference) => preference.trim())
}
