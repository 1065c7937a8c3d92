import { createRootRouteWithContext, Outlet } from '@tanstack/react-router'
import type { RouterContext } from '../router-context.ts'
import { BareError, BareMissing } from '../shell/page-states.tsx'

export const Route = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  errorComponent: BareError,
  notFoundComponent: BareMissing,
})
