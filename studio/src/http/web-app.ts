import { serveStatic } from '@hono/node-server/serve-static'
import type { Hono, MiddlewareHandler } from 'hono'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from './problem.ts'

/** Files whose names have the hash of what is in them. */
const hashed = /^\/assets\//

/**
 * The built web app: its files as they are, and its page for every other address that is none of the API's, since where one
 * is in it is its own affair.
 */
export function webApp(app: Hono, folder: string): void {
  // Once it is there: it may be built while Studio runs.
  let handlers: { files: MiddlewareHandler; page: MiddlewareHandler } | null = null
  app.get('*', async (c, next) => {
    if (c.req.path === '/api' || c.req.path.startsWith('/api/')) return next()
    if (!existsSync(join(folder, 'index.html'))) {
      throw new Problem('route_unknown', 'The web app of Studio is not built.', {
        hint: 'Run: npm run build -- studio',
      })
    }
    handlers ??= handlersFor(folder)
    const found = await handlers.files(c, async () => {})
    if (found instanceof Response) return found
    if (hashed.test(c.req.path)) return next()
    return handlers.page(c, next)
  })
}

function handlersFor(folder: string): { files: MiddlewareHandler; page: MiddlewareHandler } {
  const files = serveStatic({
    root: folder,
    precompressed: true,
    onFound: (_, c) => {
      c.header('Cache-Control', hashed.test(c.req.path) ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  const page = serveStatic({
    path: join(folder, 'index.html'),
    precompressed: true,
    onFound: (_, c) => c.header('Cache-Control', 'no-cache'),
  })
  return { files, page }
}
