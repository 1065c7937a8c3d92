import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInBrowser } from './chromium.ts'
import {
  admin,
  findBarriers,
  openStudioInBrowser,
  shootWhenAsked,
  type StudioInBrowser,
} from './studio-page.fixture.ts'

describeInBrowser('before one is signed in', () => {
  let studio: StudioInBrowser
  beforeAll(async () => {
    studio = await openStudioInBrowser()
  })
  afterAll(() => studio.close())

  test('asks for the link of the terminal when there is no account and no link', async () => {
    const page = await studio.open('/')
    await page.getByRole('heading', { name: 'Open the link that Studio printed when it started' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/first-run')
  })

  test.each([
    ['light', 'en', 1280],
    ['dark', 'zh', 390],
  ] as const)('first run has no barriers: %s, %s, %i px', async (theme, language, width) => {
    const page = await studio.open(studio.firstRunLink, { theme, language, width })
    await page.getByRole('textbox').first().waitFor()
    await shootWhenAsked(page, `first-run-${theme}-${language}-${width}`)
    expect(await findBarriers(page)).toEqual([])
  })

  test('takes the token out of the address', async () => {
    const page = await studio.open(studio.firstRunLink)
    await page.getByRole('textbox').first().waitFor()
    expect(page.url()).toBe(`${studio.service.url}/first-run`)
    await page.goBack().catch(() => null)
    expect(page.url()).not.toContain('#')
  })

  test('makes the first account by keyboard alone, and ends the first run', async () => {
    const page = await studio.open(studio.firstRunLink)
    await page.getByRole('textbox').first().waitFor()
    await page.keyboard.type(admin.name)
    await page.keyboard.press('Tab')
    await page.keyboard.type(admin.login)
    await page.keyboard.press('Tab')
    await page.keyboard.type('too short')
    await page.keyboard.press('Enter')
    await page.getByText('At least 12 characters.', { exact: true }).waitFor()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type(admin.password)
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.pathname !== '/first-run')

    const later = await studio.open(studio.firstRunLink)
    await later.getByRole('heading', { name: 'This Studio has its first account already' }).waitFor()
  })
})
