import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
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

/** As when it is chosen in another window: what is open stays open. The next page begins in its own language again. */
async function chooseChinese(page: Page): Promise<void> {
  await page.evaluate(() => dispatchEvent(new StorageEvent('storage', { key: 'studio.language', newValue: 'zh' })))
  await page.locator('html[lang=zh-CN]').waitFor({ state: 'attached' })
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
    for (const [name, open] of [['', null], ...Object.entries(floating)] as const) {
      await wear('light', 1280, 800)
      await page.goto(path(town.at))
      await page.locator(full).first().waitFor()
      await open?.(page, english)
      found[`${name} light`.trim()] = await findBarriers(page)
      await wear('dark', 390, 844)
      if (!open) found['narrow, English'] = await tooWide()
      await chooseChinese(page)
      found[`${name} dark, Chinese`.trim()] = await findBarriers(page)
      if (!open) found['narrow, Chinese'] = await tooWide()
    }
    expect(Object.entries(found).flatMap(([where, lines]) => lines.map((line) => `${where}: ${line}`))).toEqual([])
  })

  test('nothing went wrong in a console', () => {
    expect(town.mistakes).toEqual([])
  })
})
