import { createFileRoute, redirect, retainSearchParams } from '@tanstack/react-router'
import { z } from 'zod'
import { Problem } from '../api/problem.ts'
import { meQuery } from '../features/account/queries.ts'
import { runtimesQuery } from '../features/runtimes/queries.ts'
import { BareError } from '../shell/page-states.tsx'
import { runtimeOf } from '../shell/runtime.ts'
import { Shell } from '../shell/shell.tsx'

/** Everything inside needs somebody signed in, and shows one runtime, which stays in the URL from page to page. */
export const Route = createFileRoute('/_signed-in')({
  // The frame is needed wherever one is signed in, so it is no piece of its own.
  codeSplitGroupings: [],
  validateSearch: z.object({ runtime: z.string().optional().catch(undefined) }),
  search: { middlewares: [retainSearchParams(['runtime'])] },
  async beforeLoad({ context: { client }, search, location }) {
    try {
      const [{ user }, runtimes] = await Promise.all([
        client.ensureQueryData(meQuery),
        client.ensureQueryData(runtimesQuery),
      ])
      return { user, runtime: runtimeOf(runtimes.data, search.runtime) }
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'unauthenticated')) throw error
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { from: location.href } })
    }
  },
  component: Shell,
  // What fails here is the frame itself.
  errorComponent: BareError,
})
