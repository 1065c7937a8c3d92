import type { Role } from '../schemas/role.ts'

/** Every route of Studio's API and the least role that may use it; `open` to who is not signed in. */
export const access = {
  'GET /api/first-run': 'open',
  'POST /api/first-run': 'open',
  'POST /api/sign-in': 'open',
  'POST /api/invitations': 'open',
  'POST /api/sign-out': 'viewer',
  'GET /api/me': 'viewer',
  'PUT /api/me': 'viewer',
  'PUT /api/me/password': 'viewer',

  'GET /api/users': 'admin',
  'POST /api/users': 'admin',
  'PUT /api/users/:id': 'admin',
  'DELETE /api/users/:id': 'admin',
  'POST /api/users/:id/invitation': 'admin',

  'GET /api/identity': 'viewer',
  'GET /api/runtimes': 'viewer',
  'POST /api/runtimes': 'admin',
  'GET /api/runtimes/:id': 'viewer',
  'PUT /api/runtimes/:id': 'admin',
  'DELETE /api/runtimes/:id': 'admin',
  'POST /api/runtimes/:id/check': 'viewer',
  'GET /api/runtimes/:id/models': 'editor',
  // The runtime's own routes each have their role in runtimes/passable.ts.
  'GET /api/runtimes/:id/metrics': 'viewer',
  'ALL /api/runtimes/:id/v1/*': 'viewer',
  'ALL /api/runtimes/:id/admin/v1/*': 'viewer',
  'GET /api/items': 'viewer',
  'POST /api/items': 'editor',
  'GET /api/items/templates': 'viewer',
  'POST /api/items/check': 'editor',
  'POST /api/items/compose': 'editor',
  'GET /api/items/:kind/:name': 'viewer',
  'PUT /api/items/:kind/:name': 'editor',
  'DELETE /api/items/:kind/:name': 'editor',
  'POST /api/items/:kind/:name/restore': 'editor',
  'POST /api/items/:kind/:name/rename': 'editor',
  'GET /api/items/:kind/:name/versions': 'viewer',
  'GET /api/items/:kind/:name/versions/:n': 'viewer',
  'GET /api/items/:kind/:name/difference': 'viewer',
  'GET /api/changes': 'viewer',
  'GET /api/export': 'viewer',
  'POST /api/import': 'editor',
  'POST /api/runtimes/:id/adopt': 'editor',

  'GET /api/releases': 'viewer',
  'POST /api/releases': 'operator',
  'POST /api/releases/check': 'operator',
  'GET /api/releases/compare': 'viewer',
  'GET /api/releases/:n': 'viewer',
  'GET /api/releases/:n/export': 'viewer',
  'GET /api/releases/:n/roll-back': 'operator',
  'POST /api/releases/:n/roll-back': 'operator',
  'POST /api/releases/:n/targets/:runtime/retry': 'operator',

  'GET /api/webhooks': 'admin',
  'POST /api/webhooks': 'admin',
  'PUT /api/webhooks/:id': 'admin',
  'DELETE /api/webhooks/:id': 'admin',
  'POST /api/webhooks/:id/test': 'admin',
  'GET /api/webhooks/:id/deliveries': 'admin',
  'POST /api/webhooks/:id/deliveries/:delivery/send-again': 'admin',

  'GET /api/events': 'viewer',

  'GET /api/audit': 'viewer',
  'GET /api/audit/verify': 'viewer',
  'GET /api/audit/export': 'viewer',
} as const satisfies Record<string, Role | 'open'>

export type Route = keyof typeof access
export type OpenRoute = { [Name in Route]: (typeof access)[Name] extends 'open' ? Name : never }[Route]
