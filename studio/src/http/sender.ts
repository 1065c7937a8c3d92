import type { AppOrigin } from '../app-origins.ts'

const senders = new WeakMap<Request, AppOrigin>()

/** For the guard alone, which knows what an Origin is worth. */
export function noteAppOrigin(request: Request, from: AppOrigin): void {
  senders.set(request, from)
}

/** The other host whose page sent this; null for Studio's own pages, and for what is no page. */
export function appOriginOf(request: Request): AppOrigin | null {
  return senders.get(request) ?? null
}
