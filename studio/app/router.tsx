import { createRouter } from '@tanstack/react-router'
import { base } from './api/place.ts'
import { createQueryClient } from './api/query-client.ts'
import { leaveAccount } from './features/account/one-account.ts'
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

  let isLeaving = false

  /** Wherever somebody was when the session ended: they sign in, and are there again. */
  async function toSignIn(): Promise<void> {
    const { matches, location } = router.state
    // Of several requests that find it ended, one leads there: the next would call the sign-in what one comes back to.
    if (isLeaving || !matches.some((match) => match.routeId === '/_signed-in')) return
    isLeaving = true
    // Nothing asks whether to leave: who is signed out cannot stay, and what was typed is kept for them.
    try {
      await router.navigate({ to: '/sign-in', search: { from: location.href, ended: true }, ignoreBlocker: true })
    } finally {
      isLeaving = false
    }
    leaveAccount()
    client.clear()
  }

  return { router, client }
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createApp>['router']
  }
}
