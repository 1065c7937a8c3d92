import type { Role } from '../schemas/role.ts'

/**
 * What Studio passes on to a runtime for a browser, and the least role for it. What is not here is not passed on: releases
 * are published by Studio itself, and whom a host trusts is said on that host.
 */
const passable: Readonly<Record<string, Role>> = {
  'GET /v1/agents': 'viewer',
  'GET /v1/agents/{agent}': 'viewer',
  'POST /v1/agents/{agent}/messages': 'editor',
  'GET /v1/sessions': 'viewer',
  'GET /v1/sessions/{id}': 'viewer',
  'GET /v1/sessions/{id}/messages': 'viewer',
  'GET /v1/tasks': 'viewer',
  'GET /v1/tasks/{id}': 'viewer',
  'GET /v1/tasks/{id}/steps': 'viewer',
  'POST /v1/tasks/{id}/cancel': 'operator',
  'POST /v1/tasks/{id}/retry': 'operator',
  'GET /v1/messages/{id}/timeline': 'viewer',
  'GET /v1/deliveries': 'viewer',
  'POST /v1/deliveries/{id}/retry': 'operator',
  'POST /v1/deliveries/{id}/discard': 'operator',
  'GET /v1/files': 'viewer',
  'POST /v1/files': 'editor',
  'GET /v1/files/{id}': 'viewer',
  'GET /v1/files/{id}/content': 'viewer',
  'DELETE /v1/files/{id}': 'operator',
  'GET /v1/events': 'viewer',
  'GET /v1/stats': 'viewer',
  'GET /v1/search': 'viewer',
  'GET /metrics': 'viewer',

  'GET /admin/v1/status': 'viewer',
  'GET /admin/v1/types': 'viewer',
  'GET /admin/v1/routes': 'viewer',
  'GET /admin/v1/release': 'viewer',
  'GET /admin/v1/releases': 'viewer',
  'GET /admin/v1/releases/{revision}': 'viewer',
  'POST /admin/v1/release/check': 'editor',
  'POST /admin/v1/preview': 'editor',
  'GET /admin/v1/logs': 'viewer',
  'GET /admin/v1/audit': 'viewer',
  'GET /admin/v1/audit/verify': 'viewer',
  'GET /admin/v1/drain': 'viewer',
  'POST /admin/v1/drain': 'operator',
  'DELETE /admin/v1/drain': 'operator',
  'POST /admin/v1/connectors/{name}/start': 'operator',
  'POST /admin/v1/connectors/{name}/stop': 'operator',
  'POST /admin/v1/connectors/{name}/test': 'operator',
  'POST /admin/v1/providers/{name}/test': 'operator',
  'GET /admin/v1/secrets': 'editor',
  'GET /admin/v1/secrets/{name}': 'editor',
  'PUT /admin/v1/secrets/{name}': 'operator',
  'DELETE /admin/v1/secrets/{name}': 'operator',
  'GET /admin/v1/keys': 'admin',
  'POST /admin/v1/keys': 'admin',
  'DELETE /admin/v1/keys/{id}': 'admin',
}

const patterns = Object.entries(passable).map(([route, least]) => {
  const [method = '', path = ''] = route.split(' ')
  return { method, segments: path.split('/'), least }
})

/** The least role for a request to a runtime; null for one that is not passed on. */
export function leastFor(method: string, path: string): Role | null {
  const segments = path.split('/')
  const found = patterns.find((pattern) => pattern.method === method && fits(pattern.segments, segments))
  return found?.least ?? null
}

/** A name is one segment, however it is written: what would be a slash or a step up once decoded is none. */
function fits(pattern: string[], segments: string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => {
      const segment = segments[index] ?? ''
      return part.startsWith('{') ? segment !== '' && !/%2f|%5c|%2e|^\.{1,2}$/i.test(segment) : part === segment
    })
  )
}
