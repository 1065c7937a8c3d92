import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { openService } from '../security/service.fixture.ts'
import { reaches, type Role } from '../schemas/role.ts'
import { access } from './access.ts'
import { routeList } from './route-list.ts'

test('the app has exactly the routes that are given a role', async () => {
  const { routes, close } = await openService()
  expect([...routes].sort()).toEqual(Object.keys(access).sort())
  await close()
})

test('an app with a route that is given no role is not made', () => {
  const app = new Hono()
  app.get('/api/forgotten', (c) => c.text('open to everybody'))
  expect(() => routeList(app)).toThrow('does not say which role GET /api/forgotten takes')
})

test('a role that is none is reached by nobody', () => {
  expect(reaches('admin', undefined as unknown as Role)).toBe(false)
  expect(reaches('root' as Role, 'viewer')).toBe(false)
})
