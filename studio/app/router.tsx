import { createRouter } from '@tanstack/react-router'
import { base } from './api/place.ts'
import { createQueryClient } from './api/query-client.ts'
import { routeTree } from './routeTree.gen.ts'
import { PageError, PageMissing, PagePending } from './shell/page-states.tsx'

/** The router and its cache. Loaders fill the cache and pages read it, so the router itself keeps nothing. */
export function createApp() {
  const client = createQueryClient(() => void toSignIn())
  const router = createRouter({
    routeTree,
    basepath: base,
    context: { client },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    // Shorter than this, what was there stays; then a skeleton, for long enough not to flicker.
    defaultPendingMs: 300,
    defaultPendingMinMs: 300,
    defaultPendingComponent: PagePending,
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: PageMissing,
    scrollRestoration: true,
  })

  /** Wherever somebody was when the session ended: they sign in, and are there again. */
  async function toSignIn(): Promise<void> {
    const { matches, location } = router.state
    if (!matches.some((match) => match.routeId === '/_signed-in')) return
    await router.navigate({ to: '/sign-in', search: { from: location.href, ended: true } })
    client.clear()
  }

  return { router, client }
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createApp>['router']
  }
}
