import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { chinese } from '../app/words/chinese.ts'
import { english, type Words } from '../app/words/english.ts'
import { describeInBrowser } from './chromium.ts'
import { everyPage } from './every-page.ts'
import { openSettledTown, type SettledTown } from './settled-town.fixture.ts'

// Pictures of every page, for people to look at: `GALLERY=/folder npm run gallery`. Nothing is judged here.
const folder = process.env['GALLERY']
const describeWhenAsked = folder === undefined ? describe.skip : describeInBrowser

describeWhenAsked('a picture of every page', { timeout: 1_200_000 }, () => {
  let town: SettledTown
  beforeAll(async () => {
    mkdirSync(folder ?? '', { recursive: true })
    town = await openSettledTown()
  })
  afterAll(() => town?.close())

  test.each([
    ['en', english, 1280],
    ['en', english, 390],
    ['zh', chinese, 1280],
    ['zh', chinese, 390],
  ] as const)('in %s', async (language, words: Words, width) => {
    const stranger = await town.open('/sign-in', { language, width })
    const admin = await town.open('/start', { language, width }, town.as.admin)
    for (const { name, path, full, who, floating = {} } of everyPage) {
      const page = who === 'nobody' ? stranger : admin
      for (const [what, open] of [['', null], ...Object.entries(floating)] as const) {
        await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
        await page.goto(path(town.at))
        await page.locator(full).first().waitFor()
        await open?.(page, words)
        // Charts, Markdown and what a page asks for later are there then.
        await page.waitForTimeout(400)
        await shootThemes(page, [name, what, language, width].filter(Boolean).join('-'), width < 600 && open === null)
      }
    }
  })
})

async function shootThemes(page: Page, name: string, fullPage: boolean): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // Until what fades from one colour into the other has done so.
    await page.waitForTimeout(200)
    await page.screenshot({ path: join(folder ?? '', `${name}-${colorScheme}.png`), fullPage })
  }
}
