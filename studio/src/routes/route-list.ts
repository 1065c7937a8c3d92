import type { Hono } from 'hono'
import { access, type Route } from './access.ts'

/**
 * Every route of an app's API, as the app itself has them. Throws for one that `access.ts` gives no role, since nothing would
 * keep anybody from it, and for a role that is given to no route.
 */
export function routeList({ routes }: Pick<Hono, 'routes'>): Route[] {
  // What stands in front of all of them, and the web app behind them, are at every path.
  const found = new Set(routes.filter(({ path }) => path !== '/*').map(({ method, path }) => `${method} ${path}`))
  for (const route of found) {
    if (!Object.hasOwn(access, route)) throw new Error(`routes/access.ts does not say which role ${route} takes.`)
  }
  for (const route of Object.keys(access)) {
    if (!found.has(route)) throw new Error(`routes/access.ts has a role for ${route}, which is no route.`)
  }
  return [...found] as Route[]
}
