import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { docsPage } from './docs/page.ts'
import type { OpenapiDocument } from './openapi.ts'
import { problemTitles } from './problem-codes.ts'
import { counting, openService, type Service } from './service.fixture.ts'

let service: Service
let document: OpenapiDocument
beforeAll(async () => {
  service = await openService({ assistant: counting() })
  await service.asyncv.keys.create({ name: 'a' })
  document = (await (await fetch(`${service.url}/openapi.json`)).json()) as OpenapiDocument
})
afterAll(() => service.close())

const operations = () =>
  Object.values(document.paths ?? {}).flatMap((methods) =>
    Object.values(methods as Record<string, { operationId?: string; tags?: string[]; summary?: string }>),
  )

test('every operation has a name of its own, a summary and a tag that is explained', () => {
  const ids = operations().map(({ operationId }) => operationId)
  expect(ids.every((id) => /^[a-z][a-zA-Z]+$/.test(id ?? ''))).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
  const tags = document.tags?.map(({ name }) => name)
  for (const { operationId, tags: its = [], summary = '' } of operations()) {
    expect([operationId, its.length, tags?.includes(its[0] ?? '')]).toEqual([operationId, 1, true])
    expect(summary, operationId).not.toBe('')
  }
})

test('the page shows every operation and every code, to whoever asks', async () => {
  const response = await fetch(`${service.url}/docs`)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8'])
  const page = await response.text()
  for (const { operationId } of operations()) expect(page).toContain(`<article id="${operationId}">`)
  for (const code of Object.keys(problemTitles)) expect(page).toContain(`<code>${code}</code>`)
  expect(page).toContain('<code>Idempotency-Key (header)</code>')
  expect(page).toContain('<code>reply.text</code>')
})

test('the page loads nothing, runs nothing, and cannot be put into another', async () => {
  const response = await fetch(`${service.url}/docs`)
  const page = await response.text()
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=/i)
  const [, style = ''] = /<style>([\s\S]*)<\/style>/.exec(page) ?? []
  const hash = createHash('sha256').update(style).digest('base64')
  expect(response.headers.get('content-security-policy')).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'`,
  )
  // What leads elsewhere is a link to click on, here or in the document.
  for (const [, target = ''] of page.matchAll(/(?:href|src)="([^"]*)"/g))
    expect(target).toMatch(/^(#|\?lang=|\/openapi)/)
})

test('what a schema or a description says is shown as it is', () => {
  const evil = '<script>alert(1)</script>" onload="x'
  const hostile = {
    ...document,
    tags: [{ name: 'T', description: evil }],
    paths: {
      '/x': {
        get: {
          operationId: 'x',
          tags: ['T'],
          summary: evil,
          description: `\`${evil}\``,
          responses: { 200: { description: evil } },
        },
      },
    },
  } as unknown as OpenapiDocument
  const page = String(docsPage(hostile, { language: 'en', basePath: '' }))
  expect(page).not.toContain('<script>')
  expect(page).not.toContain('" onload="')
  expect(page).toContain('&lt;script&gt;')
})

test('the page speaks Chinese to who asks for it, or prefers it', async () => {
  const titled = async (query: string, accept?: string): Promise<string | undefined> => {
    const headers: Record<string, string> = accept === undefined ? {} : { 'Accept-Language': accept }
    return /<html lang="(\w+)">[\s\S]*<title>/.exec(
      await (await fetch(`${service.url}/docs${query}`, { headers })).text(),
    )?.[1]
  }
  expect(await titled('?lang=zh')).toBe('zh')
  expect(await titled('', 'zh-CN,zh;q=0.9,en;q=0.8')).toBe('zh')
  expect(await titled('', 'de,en;q=0.8,zh;q=0.5')).toBe('en')
  expect(await titled('?lang=en', 'zh-CN')).toBe('en')
})
