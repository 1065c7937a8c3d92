import type { Scope } from 'asyncv'
import type { Hono } from 'hono'

/** A route of the service, for those who look at what there is. */
export interface RouteInfo {
  listener: 'runtime' | 'management'
  method: string
  /** As OpenAPI writes it, such as `/v1/tasks/{id}`. */
  path: string
  /**
   * What opens it: any one of these scopes, for management of a key for every space; nothing (`open`); the operator key
   * alone (`operator`); a secret of the connector's own
   * (`connector`); or, for MCP, what each call in it needs (`call`).
   */
  needs: readonly Scope[] | 'open' | 'operator' | 'connector' | 'call'
}

const scopes: Readonly<Record<string, RouteInfo['needs']>> = {
  'POST /v1/agents/{agent}/messages': ['invoke'],
  'GET /v1/agents': ['invoke', 'read'],
  'GET /v1/agents/{agent}': ['invoke', 'read'],
  'GET /v1/sessions': ['read'],
  'GET /v1/sessions/{id}': ['read'],
  'GET /v1/sessions/{id}/messages': ['read'],
  'GET /v1/tasks': ['read'],
  'GET /v1/tasks/{id}': ['invoke', 'read'],
  'GET /v1/tasks/{id}/steps': ['read'],
  'POST /v1/tasks/{id}/cancel': ['invoke', 'operate'],
  'POST /v1/tasks/{id}/retry': ['operate'],
  'GET /v1/messages/{id}/timeline': ['read'],
  'GET /v1/deliveries': ['read'],
  'POST /v1/deliveries/{id}/retry': ['operate'],
  'POST /v1/deliveries/{id}/discard': ['operate'],
  'POST /v1/files': ['invoke'],
  'GET /v1/files': ['read'],
  'GET /v1/files/{id}': ['invoke', 'read'],
  'GET /v1/files/{id}/content': ['invoke', 'read'],
  'DELETE /v1/files/{id}': ['invoke'],
  'GET /v1/events': ['read'],
  'GET /v1/stats': ['read', 'operate'],
  'GET /metrics': ['read', 'operate'],
  'GET /openai/v1/models': ['invoke', 'read'],
  'GET /openai/v1/models/{model}': ['invoke', 'read'],
  'POST /openai/v1/chat/completions': ['invoke'],
  'POST /openai/v1/responses': ['invoke'],
  'GET /openai/v1/responses/{id}': ['invoke', 'read'],
  'POST /openai/v1/responses/{id}/cancel': ['invoke', 'operate'],
  'POST /mcp': 'call',
  'GET /mcp': 'call',
  'DELETE /mcp': 'call',
  'GET /.well-known/oauth-protected-resource': 'open',
  'GET /.well-known/oauth-protected-resource/mcp': 'open',
  'GET /connectors/{name}': 'connector',
  'POST /connectors/{name}': 'connector',
  'GET /livez': 'open',
  'GET /healthz': 'open',
  'GET /readyz': 'open',
  'GET /openapi.json': 'open',
  'GET /docs': 'open',
}

/** Every route of both listeners; of management, what opens each is given. Throws for one of the runtime's that this page does not know. */
export function routeList(
  runtime: Pick<Hono, 'routes'>,
  management: ReadonlyMap<string, RouteInfo['needs']>,
): RouteInfo[] {
  return [
    ...routesOf(runtime).map(({ method, path }): RouteInfo => {
      const needs = scopes[`${method} ${path}`]
      if (needs === undefined) throw new Error(`route-list.ts does not say what ${method} ${path} needs.`)
      return { listener: 'runtime', method, path, needs }
    }),
    ...[...management].map(([route, needs]): RouteInfo => {
      const [method = '', path = ''] = route.split(' ')
      return { listener: 'management', method, path, needs }
    }),
  ]
}

function routesOf({ routes }: Pick<Hono, 'routes'>): { method: string; path: string }[] {
  // What stands in front of all of them has no method of its own; a route has an entry for each of its handlers.
  const named = routes.filter(({ method }) => method !== 'ALL')
  const unique = new Map(named.map(({ method, path }) => [`${method} ${path}`, { method, path: namedPath(path) }]))
  return [...unique.values()]
}

/** As OpenAPI writes the path of a route. */
export function namedPath(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}')
}
