import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInBrowser } from './chromium.ts'
import { openWorkplace, type Workplace } from './runtime.fixture.ts'
import { findBarriers, shootWhenAsked } from './studio-page.fixture.ts'

describeInBrowser('what floats', () => {
  let studio: Workplace
  beforeAll(async () => {
    studio = await openWorkplace()
    await studio.create('agent', 'helper', { name: 'helper', model: 'main/fake-model', instructions: 'Help.' })
  })
  afterAll(() => studio.close())

  /** Whatever takes the focus elsewhere has done so by then. */
  const twoFrames = (page: Page) =>
    page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  const more = (page: Page) => page.getByRole('button', { name: 'More actions: helper' })

  test('has no barriers where no page of its own opens it, in either theme', async () => {
    const page = await studio.open('/agents', {}, studio.as.admin)
    const check = async (name: string): Promise<void> => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await shootWhenAsked(page, `floating-${name}-${colorScheme}`)
        expect(await findBarriers(page), `${name}, ${colorScheme}`).toEqual([])
      }
    }
    await page.getByRole('button', { name: /Ann/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
    await check('own-menu')
    await page.keyboard.press('Escape')
    await page.keyboard.press('ControlOrMeta+k')
    await page.getByRole('combobox').waitFor()
    await check('palette')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await check('shortcuts')
    await page.keyboard.press('Escape')
    await page.setViewportSize({ width: 390, height: 844 })
    await page.getByRole('button', { name: 'Open navigation' }).click()
    await page.getByRole('dialog').waitFor()
    await check('drawer')
    expect(studio.mistakes).toEqual([])
  })

  test('a menu is walked by keys, gives the focus back, and is left by Tab', async () => {
    const page = await studio.open('/agents', {}, studio.as.editor)
    const item = (name: string) => page.locator('[role=menuitem]:focus').filter({ hasText: name })
    await more(page).focus()
    await page.keyboard.press('Enter')
    await item('Duplicate').waitFor()
    await page.keyboard.press('ArrowDown')
    await item('Rename').waitFor()
    await page.keyboard.type('del')
    await item('Delete').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    expect(await focused()).toBe('More actions: helper')
    await page.keyboard.press('ArrowDown')
    await item('Duplicate').waitFor()
    await page.keyboard.press('Shift+Tab')
    await page.getByRole('menu').waitFor({ state: 'detached' })
    expect(await page.locator('tr a:focus, tr:focus, button:focus').count()).toBe(1)
  })

  test('a dialog that a menu opens has the focus, the first time and the next', async () => {
    const page = await studio.open('/agents', {}, studio.as.editor)
    const opener = page.getByRole('button', { name: /^More actions/ }).first()
    for (let time = 0; time < 2; time++) {
      await opener.focus()
      await page.keyboard.press('Enter')
      await page.locator('[role=menuitem]:focus').waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      const name = page.getByRole('dialog').getByRole('textbox', { name: 'Name' })
      await name.waitFor()
      // Who takes it away does so at once, or a frame later.
      await twoFrames(page)
      await expect.poll(() => name.evaluate((field) => field === document.activeElement)).toBe(true)
      await page.keyboard.press('Escape')
      await name.waitFor({ state: 'detached' })
      await expect.poll(() => opener.evaluate((button) => button === document.activeElement)).toBe(true)
    }
  })

  test('the focus goes back to what had it when a dialog came, and to nothing where nothing had it', async () => {
    const page = await studio.open('/agents', {}, studio.as.editor)
    const leave = async (name: string): Promise<void> => {
      await page.getByRole('dialog', { name }).waitFor()
      await twoFrames(page)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await twoFrames(page)
    }
    const opener = page.getByRole('button', { name: 'New agent' })
    await opener.click()
    await leave('New agent')
    expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true)
    await opener.blur()
    await page.keyboard.press('?')
    await leave('Keyboard shortcuts')
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true)
  })

  test('the palette finds what is configured, and what an id names', async () => {
    const page = await studio.open('/agents', {}, studio.as.viewer)
    await page.getByRole('link', { name: 'helper' }).waitFor()
    await page.keyboard.press('ControlOrMeta+k')
    await page.getByRole('combobox').fill('help')
    await page.getByRole('option', { name: 'helper Agents' }).click()
    await page.waitForURL('**/agents/helper')
    await page.keyboard.press('ControlOrMeta+k')
    const id = '0198c0de-0000-7000-8000-000000000000'
    await page.getByRole('combobox').fill(id)
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/trace?q=${id}`)
  })

  /** Holds the palette back until the returned function is called. */
  async function holdPalette(page: Page): Promise<() => void> {
    let arrive = (): void => {}
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve
    })
    await page.route('**/palette-*.js', async (route) => {
      await arrived
      await route.continue()
    })
    return arrive
  }

  test('what is typed while the palette is on its way is in it, and does nothing else', async () => {
    const page = await studio.open('/agents', {}, studio.as.viewer)
    await page.getByRole('link', { name: 'helper' }).waitFor()
    const arrive = await holdPalette(page)
    await page.keyboard.press('ControlOrMeta+k')
    // On the page, “g o” would lead to the overview.
    await page.keyboard.type('go helpe')
    for (let letter = 0; letter < 8; letter++) await page.keyboard.press('Backspace')
    await page.keyboard.type('helper')
    arrive()
    await page.getByRole('option', { name: 'helper Agents' }).waitFor()
    expect(await page.getByRole('combobox').inputValue()).toBe('helper')
    expect(new URL(page.url()).pathname).toBe('/agents')
  })

  test('neither Enter nor Tab reaches the button behind a palette that is on its way', async () => {
    const page = await studio.open('/agents', {}, studio.as.editor)
    const behind = page.getByRole('button', { name: 'New agent' })
    await behind.focus()
    const arrive = await holdPalette(page)
    await page.keyboard.press('ControlOrMeta+k')
    await page.keyboard.type('helper')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await behind.evaluate((button) => button === document.activeElement)).toBe(true)
    arrive()
    await page.getByRole('option', { name: 'helper Agents' }).waitFor()
    expect(await page.getByRole('combobox').inputValue()).toBe('helper')
    expect(await page.getByRole('dialog').count()).toBe(1)
  })

  test.each(['Escape', 'ControlOrMeta+k'])(
    '%s closes a palette that is on its way, and keys are the page’s again',
    async (key) => {
      const page = await studio.open('/agents', {}, studio.as.editor)
      await page.getByRole('button', { name: 'New agent' }).focus()
      const arrive = await holdPalette(page)
      await page.keyboard.press('ControlOrMeta+k')
      await page.keyboard.type('forgotten')
      await page.keyboard.press(key)
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      arrive()
      await page.getByRole('button', { name: 'Search' }).first().click()
      expect(await page.getByRole('combobox').inputValue()).toBe('')
    },
  )

  test('a tooltip comes with the pointer and with the focus, and goes with Escape', async () => {
    const page = await studio.open('/agents', {}, studio.as.editor)
    const tooltip = page.locator('[data-tooltip-shown]')
    await more(page).hover()
    await tooltip.getByText('More actions: helper').waitFor()
    // It can be pointed at itself.
    await tooltip.hover()
    await page.waitForTimeout(300)
    expect(await tooltip.count()).toBe(1)
    await page.keyboard.press('Escape')
    await tooltip.waitFor({ state: 'detached' })
    await page.mouse.move(640, 700)
    await page.keyboard.press('Tab')
    await page.getByRole('button', { name: 'Collapse navigation' }).focus()
    await tooltip.getByText('Collapse navigation').waitFor()
  })

  test('what cannot be loaded leaves the page as it is, and comes with the next try', async () => {
    const page = await studio.open('/agents', {}, studio.as.editor)
    await page.getByRole('link', { name: 'helper' }).waitFor()
    await page.route('**/assets/menu-shown-*', (route) => route.abort())
    await more(page).click()
    await page.waitForTimeout(300)
    expect(await page.getByRole('link', { name: 'helper' }).count()).toBe(1)
    await page.unroute('**/assets/menu-shown-*')
    await more(page).click()
    await more(page).click()
    await page.getByRole('menuitem', { name: 'Rename' }).waitFor()
    // The browser itself notes what it could not load.
    expect(studio.mistakes.filter((one) => !one.includes('ERR_FAILED'))).toEqual([])
  })
})
