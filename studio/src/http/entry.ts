const entries = new WeakMap<Request, () => Promise<void>>()

/** For the router alone: how it is found out who asks. Throws where they may not, or not any more. */
export function noteEntry(request: Request, check: () => Promise<void>): void {
  entries.set(request, check)
}

/** Whoever sends slowly may have been let in and have gone since: what their body says is theirs to ask no longer. */
export async function checkEntry(request: Request): Promise<void> {
  await entries.get(request)?.()
}
