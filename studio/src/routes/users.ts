import type { Users } from '../accounts/users.ts'
import { readBody } from '../http/body.ts'
import type { AppOrigin } from '../app-origins.ts'
import { pagesFor } from '../http/origin.ts'
import { userChange, userRequest } from '../schemas/account.ts'
import type { Router } from './router.ts'

/** What an administrator does with the accounts of others. */
export function userRoutes(
  routes: Router,
  users: Users,
  places: { publicUrl: URL | null; appOrigins: readonly AppOrigin[] },
): void {
  routes.on('GET /api/users', async (c) => c.json({ data: await users.list() }))
  routes.on('POST /api/users', async (c, { user }) =>
    c.json(await users.create(user, await readBody(c, userRequest)), 201),
  )
  routes.on('PUT /api/users/:id', async (c, { user }) =>
    c.json(await users.change(user, c.req.param('id') ?? '', await readBody(c, userChange))),
  )
  routes.on('DELETE /api/users/:id', async (c, { user }) => {
    await users.remove(user, c.req.param('id') ?? '')
    return c.body(null, 204)
  })
  routes.on('POST /api/users/:id/invitation', async (c, { user }) => {
    const { token, expiresAt } = await users.invite(user, c.req.param('id') ?? '')
    // After the "#", which browsers send to nobody: no log has it.
    return c.json({ link: `${pagesFor(c, places)}/invitation#${token}`, expiresAt }, 201)
  })
}
