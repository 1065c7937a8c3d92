import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Sessions, SignedIn } from '../accounts/sessions.ts'
import { readBody } from '../http/body.ts'
import { cookiesFor } from '../http/cookies.ts'
import { Problem } from '../http/problem.ts'
import { createRouter } from './router.ts'

test('who has gone while their body came is told so, also where the request was replaced meanwhile', async () => {
  const found = [{ user: { role: 'admin', login: 'ann' } } as SignedIn, null]
  const sessions = { find: async () => found.shift() ?? null } as Partial<Sessions> as Sessions
  const app = new Hono()
  app.onError((error, c) => c.text(error instanceof Problem ? error.code : String(error)))
  createRouter(app, sessions, cookiesFor(null)).on('POST /api/users', async (c) => {
    c.req.raw = new Request(c.req.raw)
    await readBody(c, z.object({}))
    return c.text('done')
  })
  const headers = { 'content-type': 'application/json' }
  const answer = await app.request('/api/users', { method: 'POST', headers, body: '{}' })
  expect(await answer.text()).toBe('unauthenticated')
})
