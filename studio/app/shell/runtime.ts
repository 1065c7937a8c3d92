import { getRouteApi } from '@tanstack/react-router'
import type { Runtime } from '../../src/schemas/runtime.ts'

const route = getRouteApi('/_signed-in')

/** The runtime that is being watched: that of the URL (`?runtime=`), or the first. `null` while none is connected. */
export function useRuntime(): Runtime | null {
  return route.useRouteContext({ select: (context) => context.runtime })
}

/** Of all that are connected, the one that a URL means. */
export function runtimeOf(runtimes: readonly Runtime[], id: string | undefined): Runtime | null {
  return runtimes.find((one) => one.id === id) ?? runtimes[0] ?? null
}
