import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Browser, browserOf } from '../../src/browser.fixture.ts'
import { describeInBrowser } from '../chromium.ts'
import { findBarriers, shoot, shootWhenAsked } from '../studio-page.fixture.ts'
import { type FileHost, openFileHost } from './file-host.fixture.ts'
import { did, furnish, shop } from './settled.fixture.ts'
import { ada, firstRunLink, signInByForm } from './steps.fixture.ts'
import { openTown, type Running, type Town } from './town.fixture.ts'

/** Studio's pages as files on one site, Studio itself on another: `localhost` and `127.0.0.1` are two to a browser. */
describeInBrowser('with its pages on another host', { timeout: 60_000 }, () => {
  const base = '/tools/studio/'
  let town: Town
  let host: FileHost
  let pages: string
  let studio: Running
  let api: Browser
  let page: Page
  const refusals: string[] = []

  beforeAll(async () => {
    town = await openTown(() => ({ chunks: ['We ', 'open ', 'at nine.'], chunkDelayMs: 20 }))
    const service = `http://127.0.0.1:${town.ports.studio}`
    await town.asyncv('studio', 'build', '--static', '--api', service, '--out', 'pages', '--base', base)
    host = await openFileHost(join(town.place.folder, 'pages'), base)
    pages = `http://localhost:${host.port}${base}`
    ;[studio] = await Promise.all([town.startStudio('--app-origin', pages), town.startRuntime()])
    api = browserOf(studio.url)
  }, 90_000)
  afterAll(async () => {
    await town?.close()
    await host?.close()
  })
  beforeEach(({ onTestFailed }) => onTestFailed(() => shoot(page, 'other-host-failed')))

  test('the one-time link leads there, and makes the first account', async () => {
    expect(firstRunLink(studio)).toMatch(new RegExp(`^${pages}first-run#`))
    page = await town.open(firstRunLink(studio))
    page.on('response', (answer) => {
      if (answer.status() === 401) refusals.push(answer.url())
    })
    await page.getByLabel('Your name').fill(ada.name)
    await page.getByLabel('Login').fill(ada.login)
    await page.getByLabel('Password', { exact: true }).fill(ada.password)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('heading', { name: 'First steps', level: 1 }).waitFor()
    expect(page.url()).toMatch(new RegExp(`^${pages}`))
    await did(api, 'POST', '/api/sign-in', { login: ada.login, password: ada.password })
    await furnish(town, api)
  })

  test('what others do is on the page without a reload', async () => {
    await page.goto(`${pages}agents`)
    await page.getByRole('link', { name: 'shop', exact: true }).waitFor()
    const began = Date.now()
    for (const name of ['early', 'late', 'last']) {
      await did(api, 'POST', '/api/items', { kind: 'agent', name, content: { ...shop(''), name } })
      await page.getByRole('link', { name, exact: true }).waitFor()
    }
    // To ask in intervals, as a page does that hears nothing, takes 20 s for each but the first.
    expect(Date.now() - began).toBeLessThan(40_000)
    await shootWhenAsked(page, 'other-host-agents')
  })

  test('an agent is saved and published', async () => {
    await page.getByRole('link', { name: 'shop', exact: true }).click()
    await page.getByRole('textbox', { name: 'Instructions' }).click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type(' The shop opens at nine.')
    await page.getByRole('button', { name: /^Save/ }).click()
    await page.getByText('Version 2 ·').waitFor()
    await page.goto(`${pages}releases/changes`)
    await page.getByText('No runtime would refuse this').waitFor()
    await page.getByLabel('Summary').fill('From another host')
    await page.getByRole('button', { name: /^Publish \d+ changes?$/ }).click()
    await page.getByRole('list', { name: 'Runtimes' }).getByText('Applied', { exact: true }).waitFor()
    expect(await town.asyncv('releases', 'list', '--json')).toContain('"revision": 2')
  })

  test('a release and the log of what was done are taken along as files', async () => {
    const release = await taken(() => page.getByRole('link', { name: 'Export' }).click())
    expect(release.name).toBe('asyncv.release-2.json')
    expect(JSON.parse(release.text).agents).toContainEqual(expect.objectContaining({ name: 'shop' }))
    await page.goto(`${pages}audit`)
    await page.getByRole('button', { name: 'Export' }).click()
    const log = await taken(() => page.getByRole('menuitem', { name: 'CSV' }).click())
    expect(log.name).toBe('studio-audit.csv')
    expect(log.text).toContain('user.created')
  })

  test('answers stream, and so does the log of the runtime', async () => {
    await page.goto(`${pages}playground?agent=shop`)
    await page.getByRole('textbox', { name: 'Message' }).fill('When do you open?')
    await page.keyboard.press('Enter')
    await page.getByText('We open at nine.').waitFor()
    await page.goto(`${pages}logs`)
    await page.getByRole('region', { name: 'Lines of the log' }).getByRole('listitem').first().waitFor()
  })

  test('a reload keeps who is signed in, another window asks, and leads where it was to', async () => {
    await page.goto(`${pages}agents/shop?view=history`)
    await page.reload()
    await page.getByText('Version 2').first().waitFor()
    expect(await findBarriers(page)).toEqual([])
    const other = await town.open(`${pages}agents/shop?view=history`)
    await signInByForm(other, ada)
    await other.waitForURL(`${pages}agents/shop?view=history**`)
    await other.getByText('Version 2').first().waitFor()
  })

  test('no cookie was set, and the token is in no address', async () => {
    expect(await page.context().cookies()).toEqual([])
    expect(await page.evaluate(() => Object.keys(localStorage).filter((name) => name.includes('token')))).toEqual([])
    expect(
      await page.evaluate(() =>
        performance
          .getEntries()
          .map(({ name }) => name)
          .join(' '),
      ),
    ).not.toContain(await tokenOf(page))
  })

  test('a page of another origin is told nothing, with the token in its hands, and shows no page of Studio’s', async () => {
    const token = await tokenOf(page)
    // The same files under the other name of this machine: that one is not in the list.
    const other = await town.open(`http://127.0.0.1:${host.port}/elsewhere.html`)
    const asked = await other.evaluate(
      ([url, authorization]) =>
        fetch(`${url}/api/me`, { headers: { authorization: authorization ?? '' } }).then(
          ({ status }) => status,
          (error: Error) => error.name,
        ),
      [studio.url, `Bearer ${token}`],
    )
    expect(asked).toBe('TypeError')
    const refused = other.waitForEvent('pageerror')
    await other.evaluate((src) => {
      document.body.append(Object.assign(document.createElement('iframe'), { src }))
    }, `${pages}sign-in`)
    expect((await refused).message).toContain('page of another site')
    expect(await other.frameLocator('iframe').locator('#app').innerHTML()).toBe('')
    // All of it had to be refused, and was.
    expect(
      town.mistakes.splice(0).map((mistake) => /CORS policy|ERR_FAILED|page of another site/.test(mistake)),
    ).toEqual([true, true, true])
    await other.close()
  })

  test('signing out ends the token, and the page has it no longer', async () => {
    const token = await tokenOf(page)
    await page.getByRole('button', { name: `${ada.name} Administrator` }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL(`${pages}sign-in**`)
    expect(await tokenOf(page)).toBeUndefined()
    const origin = new URL(pages).origin
    const heads = { origin, authorization: `Bearer ${token}` }
    expect((await fetch(`${studio.url}/api/me`, { headers: heads })).status).toBe(401)
  })

  test('nothing went wrong in the console, and nothing was asked for without leave', () => {
    expect(town.mistakes).toEqual([])
    expect(refusals.filter((url) => !url.endsWith('/api/me'))).toEqual([])
  })

  const tokenOf = (of: Page) =>
    of.evaluate(
      () =>
        Object.entries(sessionStorage)
          .find(([name]) => name.startsWith('studio.token'))
          ?.at(1) as string,
    )

  async function taken(begin: () => Promise<void>): Promise<{ name: string; text: string }> {
    const [download] = await Promise.all([page.waitForEvent('download'), begin()])
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') }
  }
})
