import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Scope } from 'asyncv'

/** What opens a route of the management listener: any one of these scopes, or the operator key alone. */
export type Opening = readonly Scope[] | 'operator'

/**
 * Says in the definition of a route what opens it, as OpenAPI 3.1 does: each requirement is enough by itself. A key of one
 * space, or for some agents, opens none.
 */
export function openedBy(...scopes: [Scope, ...Scope[]] | ['operator']): { key: string[] }[] {
  return scopes.map((scope) => ({ key: [scope] }))
}

/** What opens each route of the app, by `GET /path/{name}`. Throws for a route that does not say it. */
export function openings({ openAPIRegistry }: Pick<OpenAPIHono, 'openAPIRegistry'>): Map<string, Opening> {
  const routes = openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === 'route' ? [definition.route] : [],
  )
  return new Map(
    routes.map(({ method, path, security }) => {
      const route = `${method.toUpperCase()} ${path}`
      const keys = (security ?? []).flatMap(({ key = [] }) => key)
      if (keys.length === 0) throw new Error(`${route} does not say what opens it.`)
      return [route, keys.includes('operator') ? 'operator' : (keys as Scope[])]
    }),
  )
}
