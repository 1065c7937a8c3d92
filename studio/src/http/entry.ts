import type { Context } from 'hono'

type Check = () => Promise<void>

/** In hono's context, since the request itself may be replaced on its way; a name that nobody else has. */
const name = Symbol('entry')

/** For the router alone: how it is found out who asks. Throws where they may not, or not any more. */
export function noteEntry(c: Context, check: Check): void {
  c.set(name, check)
}

/** Whoever sends slowly may have been let in and have gone since: what their body says is theirs to ask no longer. */
export async function checkEntry(c: Context): Promise<void> {
  await (c.get(name) as Check | undefined)?.()
}
