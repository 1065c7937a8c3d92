import type { OpenAPIHono } from '@hono/zod-openapi'
import { docsPage } from '../docs/page.ts'
import { styleSource } from '../docs/style.ts'
import { languageOf } from '../docs/words.ts'
import { describeKeys, openapiDocument } from '../openapi.ts'

/** What there is to ask, for programs and for people. Made when it is first asked for: by then every route is there. */
export function docsRoutes(app: OpenAPIHono, basePath: string): void {
  describeKeys(app)
  let document: ReturnType<typeof openapiDocument> | null = null
  const described = () => (document ??= openapiDocument(app, basePath))
  app.get('/openapi.json', (c) => c.json(described()))
  app.get('/docs', (c) => {
    const language = languageOf(c.req.query('lang'), c.req.header('accept-language'))
    c.header(
      'Content-Security-Policy',
      `default-src 'none'; style-src '${styleSource}'; frame-ancestors 'none'; base-uri 'none'`,
    )
    c.header('X-Content-Type-Options', 'nosniff')
    c.header('Content-Language', language)
    c.header('Vary', 'Accept-Language')
    return c.html(docsPage(described(), { language, basePath }))
  })
}
