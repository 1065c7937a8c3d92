import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Browser, browserOf, invite, signUp } from '../browser.fixture.ts'
import type { Role } from '../schemas/role.ts'
import { type OpenedStudio, openStudio } from '../studio.fixture.ts'
import { access, type Route } from './access.ts'

/** From who may least to who may most. Not the service's own list: that one is judged here. */
const roles: Role[] = ['viewer', 'editor', 'operator', 'admin']

let opened: OpenedStudio
const people = new Map<Role | 'nobody', Browser>()
beforeAll(async () => {
  opened = await openStudio()
  const admin = await signUp(opened)
  people.set('admin', admin).set('nobody', browserOf(opened.url))
  for (const role of roles) if (role !== 'admin') people.set(role, await invite(admin, opened.url, role, role))
}, 60_000)
afterAll(() => opened.close())

// Signing out would end what the other tests need, and the answer with events never ends; both take the least role there is.
const closed = (Object.keys(access) as Route[]).filter(
  (route) => access[route] !== 'open' && route !== 'POST /api/sign-out' && route !== 'GET /api/events',
)

test.each(closed)('%s is for its role and those above', async (route) => {
  const least = access[route] as Role
  const [method = '', path = ''] = route.replace('ALL', 'GET').split(' ')
  for (const role of roles) {
    // With a body that no route takes: who may not is told so before it is read.
    const body = method === 'GET' ? undefined : { nothing: 'known' }
    const answer = await people.get(role)!.ask(method, path.replaceAll(/:\w+/g, 'unknown'), body)
    if (roles.indexOf(role) >= roles.indexOf(least))
      expect({ role, code: answer.body?.code }).not.toMatchObject({ code: 'forbidden' })
    else
      expect({ role, status: answer.status, code: answer.body.code }).toEqual({ role, status: 403, code: 'forbidden' })
  }
  const answer = await people.get('nobody')!.ask(method, path.replaceAll(/:\w+/g, 'unknown'))
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 401, code: 'unauthenticated' })
})
