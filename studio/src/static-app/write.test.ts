import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeStaticApp } from './write.ts'

const api = 'https://studio.example'
let folder: string
let app: string
let out: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asyncv-studio-static-'))
  app = join(folder, 'app')
  out = join(folder, 'new/out')
  mkdirSync(join(app, 'assets'), { recursive: true })
  writeFileSync(
    join(app, 'index.html'),
    `<!doctype html>
<html>
  <head>
    <meta charset="utf-8" />
    <script src="/theme.js"></script>
    <script type="module" crossorigin src="/assets/app-abc.js"></script>
    <link rel="stylesheet" href="/assets/app-abc.css">
  </head>
</html>
`,
  )
  for (const name of ['theme.js', 'index.html.br', 'assets/app-abc.js', 'assets/app-abc.js.gz', 'assets/app-abc.css']) {
    writeFileSync(join(app, name), `what is in ${name}`)
  }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const refused = (value: string, hint: string) =>
  expect.objectContaining({
    code: 'config_invalid',
    message: expect.stringContaining(value),
    hint: expect.stringContaining(hint),
  })
const page = () => readFileSync(join(out, 'index.html'), 'utf8')

test('every file is written as it was built, but for the page', async () => {
  expect(await writeStaticApp({ api, out, app })).toBe(6)
  const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).sort()
  const assets = ['assets', 'assets/app-abc.css', 'assets/app-abc.js', 'assets/app-abc.js.gz']
  expect(files).toEqual(['404.html', ...assets, 'index.html', 'theme.js'])
  expect(readFileSync(join(out, 'assets/app-abc.js.gz'), 'utf8')).toBe('what is in assets/app-abc.js.gz')
})

test('the page says where the service is, and no other file does', async () => {
  await writeStaticApp({ api: `${api}:443/`, out, app })
  expect(page()).toContain(`<meta name="studio-service" content="${api}" />`)
  const naming = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && readFileSync(join(file.parentPath, file.name), 'utf8').includes(api))
    .map(({ name }) => name)
  expect(naming.sort()).toEqual(['404.html', 'index.html'])
  expect(readFileSync(join(out, '404.html'), 'utf8')).toBe(page())
})

test('the page may call the service and nothing else, and runs no script that is written into it', async () => {
  await writeStaticApp({ api, out, app })
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page()) ?? []
  const directives = Object.fromEntries(policy.split('; ').map((one) => one.split(/ (.*)/)))
  expect(directives).toMatchObject({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'connect-src': 'https://studio.example/api/',
    'base-uri': "'none'",
  })
  // Browsers say of this one that a page cannot say it.
  expect(policy).not.toContain('frame-ancestors')
  expect(page().indexOf('Content-Security-Policy')).toBeLessThan(page().indexOf('<script'))
  expect(page()).not.toMatch(/<script(?![^>]* src=)/)
})

test('below another path, the page looks for its files there', async () => {
  await writeStaticApp({ api, out, app, base: '/tools/studio/' })
  expect(page()).toContain('<meta name="studio-base" content="/tools/studio/" />')
  expect([...page().matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path)).toEqual([
    '/tools/studio/theme.js',
    '/tools/studio/assets/app-abc.js',
    '/tools/studio/assets/app-abc.css',
  ])
})

test.each([
  ['', 'Give --api'],
  ['studio.example', 'Give --api'],
  ['*', 'Give --api'],
  ['ftp://studio.example', 'Give --api'],
  ['https://studio.example/api', 'Give --api'],
  ['https://studio.example?a', 'Give --api'],
  ['https://ann@studio.example', 'Give --api'],
  ['https://studio";script-src *.example', 'Give --api'],
  ["https://studio';x.example", 'Give --api'],
  ['http://studio.example', 'Put https in front'],
  ['http://127.0.0.1.example', 'Put https in front'],
])('a service at %j is refused, and nothing is written', async (value, hint) => {
  await expect(writeStaticApp({ api: value, out, app })).rejects.toEqual(refused(JSON.stringify(value), hint))
  expect(existsSync(out)).toBe(false)
})

test.each(['http://127.0.0.1:7410', 'http://localhost:7410', 'https://[::1]:7410'])(
  'on this machine it may be at %s',
  async (value) => {
    await writeStaticApp({ api: value, out, app })
    expect(page()).toContain(`connect-src ${value}/api/;`)
  },
)

test.each([
  '',
  'studio',
  '/studio',
  'studio/',
  '//evil.example/',
  '/../',
  '/a/./',
  '/a b/',
  '/"/',
  'https://a.example/',
])('the path %j is refused', async (base) => {
  await expect(writeStaticApp({ api, out, app, base })).rejects.toEqual(refused(JSON.stringify(base), '"/studio/"'))
})

test('a folder that has something is left as it is', async () => {
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, '.theirs'), 'theirs')
  await expect(writeStaticApp({ api, out, app })).rejects.toEqual(refused('it has ".theirs"', '--out'))
  expect(readdirSync(out)).toEqual(['.theirs'])
})

test('a folder that is a file is refused', async () => {
  writeFileSync(join(folder, 'file'), '')
  await expect(writeStaticApp({ api, out: join(folder, 'file'), app })).rejects.toEqual(refused(folder, '--out'))
})

test('what cannot be written whole is taken away again', async () => {
  // A file in the place of a folder: the copy of what is in it fails when others are there already.
  rmSync(join(app, 'theme.js'))
  mkdirSync(join(app, '404.html'))
  writeFileSync(join(app, '404.html/inner.js'), '')
  await expect(writeStaticApp({ api, out, app })).rejects.toEqual(refused(out, '--out'))
  expect(readdirSync(out)).toEqual([])
})

test('without a built app it says how to build it, and writes nothing', async () => {
  const nowhere = join(folder, 'nowhere')
  await expect(writeStaticApp({ api, out, app: nowhere })).rejects.toEqual(refused(nowhere, 'npm run build'))
  expect(existsSync(out)).toBe(false)
})

test('a page that is not as this version builds it is refused', async () => {
  writeFileSync(join(app, 'index.html'), '<meta charset="utf-8" />\n<script src="./assets/app.js"></script>')
  await expect(writeStaticApp({ api, out, app })).rejects.toEqual(refused('index.html', 'anew'))
})
