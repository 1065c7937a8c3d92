import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { roles } from '../src/schemas/role.ts'
import { english } from '../app/words/english.ts'
import { describeInBrowser } from './chromium.ts'
import { everyPage, waysToPages } from './every-page.ts'
import { openSettledTown, type SettledTown } from './settled-town.fixture.ts'
import { findBarriers } from './studio-page.fixture.ts'

test('no page is forgotten in the list of them', () => {
  const tree = readFileSync(join(import.meta.dirname, '../app/routeTree.gen.ts'), 'utf8')
  const [, union = ''] = /\n {2}to:\n([\s\S]*?)\n {2}\w+:/.exec(tree) ?? []
  const routes = [...union.matchAll(/'([^']+)'/g)].map(([, route]) => route)
  expect(routes.length).toBeGreaterThan(30)
  const listed = new Set([...everyPage.map(({ route }) => route), ...Object.keys(waysToPages)])
  expect([...listed].sort()).toEqual(routes.sort())
})

/** Who sees a page is said by its route. */
const onePerRoute = everyPage.filter(({ route }, at) => everyPage.findIndex((one) => one.route === route) === at)

/** As a link of the page does: nothing is loaded anew. */
const lead = (page: Page, path: string): Promise<void> => page.evaluate((to) => history.pushState({}, '', to), path)

/** What a page says that is not for one; the playground is for reading then. */
const refused = new RegExp(`^(${english.ui.forbidden}|${english.playground.viewer})`)

/** As when it is chosen in another window: what is open stays open. */
async function choose(page: Page, language: 'en' | 'zh'): Promise<void> {
  await page.evaluate(
    (newValue) => dispatchEvent(new StorageEvent('storage', { key: 'studio.language', newValue })),
    language,
  )
  await page.locator(`html[lang=${language === 'zh' ? 'zh-CN' : 'en'}]`).waitFor({ state: 'attached' })
}

describeInBrowser('every page', () => {
  let town: SettledTown
  let windows: { stranger: Page; admin: Page }
  beforeAll(async () => {
    town = await openSettledTown()
    windows = { stranger: await town.open('/sign-in'), admin: await town.open('/start', {}, town.as.admin) }
  })
  afterAll(() => town?.close())

  test.each(everyPage)('$name has no barriers, English light and wide, Chinese dark and narrow', async (entry) => {
    const { path, full, who, floating = {} } = entry
    const page = who === 'nobody' ? windows.stranger : windows.admin
    const wear = async (colorScheme: 'light' | 'dark', width: number, height: number): Promise<void> => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height })
    }
    const tooWide = async (): Promise<string[]> => {
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      return wider > 0 ? [`It is ${wider} px wider than the window.`] : []
    }
    const found: Record<string, string[]> = {}
    for (const [at, [name, open]] of [['', null] as const, ...Object.entries(floating)].entries()) {
      await wear('light', 1280, 800)
      // What floats first opens from the page as it is: to load it again takes as long as to look at it.
      if (at !== 1) {
        await page.goto(path(town.at))
        await page.locator(full).first().waitFor()
      } else await choose(page, 'en')
      await open?.(page, english)
      found[`${name} light`.trim()] = await findBarriers(page)
      await wear('dark', 390, 844)
      if (!open) found['narrow, English'] = await tooWide()
      await choose(page, 'zh')
      found[`${name} dark, Chinese`.trim()] = await findBarriers(page)
      if (!open) found['narrow, Chinese'] = await tooWide()
    }
    expect(Object.entries(found).flatMap(([where, lines]) => lines.map((line) => `${where}: ${line}`))).toEqual([])
  })

  test('who is not signed in is led from every other page to signing in, and would be led back', async () => {
    const page = windows.stranger
    await page.goto('/sign-in')
    for (const { path } of onePerRoute.filter(({ who }) => who !== 'nobody')) {
      await lead(page, path(town.at))
      await page.waitForURL((url) => url.pathname === '/sign-in' && url.searchParams.get('from') === path(town.at))
    }
  })

  // An administrator saw everything above.
  test.each(['viewer', 'editor', 'operator'] as const)(
    'what is for the role of %s is seen by it, and what is for the next is not',
    async (role) => {
      const page = await town.open('/start', {}, town.as[role])
      const next = roles[roles.indexOf(role) + 1]
      for (const { route, path, full, who } of onePerRoute.filter(({ who }) => who === role || who === next)) {
        // By way of a page that is like no other, so that nothing is taken for what was there before.
        const before = page.getByRole('heading', { name: english.start.title, level: 1 })
        await lead(page, '/start')
        await before.waitFor()
        if (route === '/start') continue
        await lead(page, path(town.at))
        await before.waitFor({ state: 'detached' })
        if (who === role) await page.locator(full).first().waitFor()
        else await page.getByText(refused).waitFor()
        expect(await page.getByText(refused).count(), route).toBe(who === role ? 0 : 1)
      }
    },
  )

  test('nothing went wrong in a console', () => {
    expect(town.mistakes).toEqual([])
  })
})
