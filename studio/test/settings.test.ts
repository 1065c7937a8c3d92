import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInBrowser } from './chromium.ts'
import { admin, makeFirstAccount, openStudioInBrowser, type StudioInBrowser } from './studio-page.fixture.ts'

describeInBrowser('signed in', () => {
  let studio: StudioInBrowser
  beforeAll(async () => {
    studio = await openStudioInBrowser()
    await makeFirstAccount(studio)
  })
  afterAll(async () => {
    await studio.close()
  })

  test('signing in leads back to where one was, and nowhere else', async () => {
    const page = await studio.open('/settings/users')
    await page.getByLabel('Login').fill(admin.login)
    await page.getByLabel('Password', { exact: true }).fill('not the password')
    await page.keyboard.press('Enter')
    await page.getByText('Login or password is wrong.').waitFor()
    await page.getByLabel('Password', { exact: true }).fill(admin.password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Users' }).waitFor()

    const lured = await studio.open('/sign-in?from=//example.com/', {}, admin)
    await lured.getByLabel('Login').fill(admin.login)
    await lured.getByLabel('Password', { exact: true }).fill(admin.password)
    await lured.keyboard.press('Enter')
    await lured.waitForURL('**/start')
    expect(new URL(lured.url()).origin).toBe(studio.service.url)
  })

  test('a user is invited, takes the invitation up, and may not see what is for administrators', async () => {
    const page = await studio.open('/settings/users', {}, admin)
    await page.getByRole('button', { name: 'Invite user' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Grace Hopper')
    await dialog.getByLabel('Login').fill('grace')
    // Twice in a row is once: the second would find the login taken, and the link would be lost.
    await dialog.getByRole('button', { name: 'Invite user' }).dblclick()
    const link = await page.getByRole('dialog').getByText('/invitation#').innerText()
    // What opened the first of the two dialogs has the focus again.
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Invite user')

    const invited = await studio.open(link)
    await invited.getByLabel('New password').fill('another long password')
    await invited.keyboard.press('Enter')
    await invited.getByRole('heading', { name: 'First steps', level: 1 }).waitFor()
    await invited.goto('/settings')
    await invited.getByRole('heading', { name: 'Settings' }).waitFor()
    expect(await invited.getByRole('link', { name: 'Users' }).count()).toBe(0)
    await invited.goto('/settings/users')
    await invited.getByRole('heading', { name: 'Your role does not allow this' }).waitFor()
  })

  test('the language holds at once, in other windows, after a reload, and wherever one signs in', async () => {
    const page = await studio.open('/settings/profile', {}, admin)
    const beside = await page.context().newPage()
    await beside.goto('/settings/profile')
    await beside.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
    // The account hears of it later than the page shows it.
    let show = (): void => {}
    const isShown = new Promise<void>((resolve) => {
      show = resolve
    })
    await page.route('**/api/me', async (route) => {
      if (route.request().method() === 'PUT') await isShown
      await route.continue()
    })
    await page.getByRole('button', { name: /Ada Lovelace/ }).click()
    await page.getByRole('menuitemradio', { name: '中文' }).click()
    await page.getByRole('heading', { name: '设置', level: 1 }).waitFor()
    await beside.getByRole('heading', { name: '设置', level: 1 }).waitFor()
    await beside.close()
    await Promise.all([page.waitForResponse((answer) => answer.request().method() === 'PUT'), show()])
    const elsewhere = await studio.open('/settings/profile', { language: 'en' }, admin)
    await elsewhere.getByRole('heading', { name: '设置', level: 1 }).waitFor()
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN')
    await page.reload()
    await page.getByRole('heading', { name: '设置', level: 1 }).waitFor()
    await page.getByRole('button', { name: /Ada Lovelace/ }).click()
    // Heard of by the account too, whose next windows are in English again.
    await Promise.all([
      page.waitForResponse((answer) => answer.request().method() === 'PUT'),
      page.getByRole('menuitemradio', { name: 'English' }).click(),
    ])
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
  })

  test('the palette leads to a page, and keys do too', async () => {
    const page = await studio.open('/settings/users', {}, admin)
    await page.getByRole('heading', { name: 'Users' }).waitFor()
    await page.keyboard.press('ControlOrMeta+k')
    await page.getByRole('combobox').fill('sett')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/settings/profile')
    await page.goBack()
    await page.getByRole('heading', { name: 'Users' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press(',')
    await page.waitForURL('**/settings/profile')
  })

  test('what was typed is there after a reload, and a secret is not', async () => {
    const page = await studio.open('/settings/runtimes', {}, admin)
    await page.getByRole('button', { name: 'Connect runtime' }).click()
    await page.getByLabel('Name').fill('production')
    await page.getByLabel('Key', { exact: true }).fill('avk_never_to_be_kept')
    await page.reload()
    await page.getByRole('button', { name: 'Connect runtime' }).click()
    expect(await page.getByLabel('Name').inputValue()).toBe('production')
    expect(await page.getByLabel('Key', { exact: true }).inputValue()).toBe('')
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('avk_never')
    await page.goto('/settings/users')
    await page.getByRole('button', { name: 'Invite user' }).click()
    await page.getByLabel('Name').fill('Barbara Liskov')
    await page.goto('/settings/profile')
    await page.getByLabel('Your name').fill('Ada King')
    await page.reload()
    expect(await page.getByLabel('Your name').inputValue()).toBe('Ada King')
    await page.goto('/settings/users')
    await page.getByRole('button', { name: 'Invite user' }).click()
    expect(await page.getByLabel('Name').inputValue()).toBe('Barbara Liskov')
  })

  test('what was typed earlier is said to be there, and gone once it is discarded or cancelled', async () => {
    const page = await studio.open('/settings/profile', {}, admin)
    const said = page.getByText('What you typed earlier is still here.')
    const discard = page.getByRole('button', { name: 'Discard it' })
    const name = page.getByLabel('Your name')
    await name.fill('Augusta')
    expect(await said.count()).toBe(0)
    await page.reload()
    await said.waitFor()
    await discard.click()
    await said.waitFor({ state: 'detached' })
    expect(await name.inputValue()).toBe(admin.name)
    await page.reload()
    expect(await name.inputValue()).toBe(admin.name)

    for (const [path, open, label] of [
      ['/settings/users', 'Invite user', 'Login'],
      ['/settings/runtimes', 'Connect runtime', 'Name'],
      ['/settings/webhooks', 'New webhook', 'Address'],
    ] as const) {
      await page.goto(path)
      const dialog = page.getByRole('dialog')
      const field = dialog.getByLabel(label, { exact: true })
      const reopen = async () => {
        await dialog.waitFor({ state: 'detached' })
        await page.getByRole('button', { name: open }).click()
      }
      await reopen()
      const first = await field.inputValue()
      await field.fill('https://typed.example')
      // What closes by accident takes nothing.
      await page.keyboard.press('Escape')
      await reopen()
      await said.waitFor()
      expect(await field.inputValue()).toBe('https://typed.example')
      await discard.click()
      expect(await field.inputValue()).toBe(first)
      await field.fill('https://again.example')
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await reopen()
      expect(await field.inputValue()).toBe(first)
      expect(await said.count()).toBe(0)
    }
  })

  test('without a connection the page keeps what it had and says so, until Studio is back', async () => {
    const page = await studio.open('/settings/users', {}, admin)
    await page.getByRole('cell', { name: 'Ada Lovelace you' }).waitFor()
    await page.context().setOffline(true)
    await page.getByRole('link', { name: 'Runtimes' }).click()
    const banner = page.getByText('What you see may be out of date.', { exact: false }).first()
    await banner.waitFor()
    await page.getByRole('link', { name: 'Users' }).click()
    await page.getByRole('cell', { name: 'Ada Lovelace you' }).waitFor()
    await page.context().setOffline(false)
    await page.getByRole('button', { name: 'Try now' }).click()
    await page.getByRole('button', { name: 'Try now' }).waitFor({ state: 'detached' })
    // The browser itself notes each request that it could not send, be it for a page.
    expect(studio.mistakes.filter((one) => !/ERR_INTERNET_DISCONNECTED|Failed to fetch/.test(one))).toEqual([])
    studio.mistakes.length = 0
  })

  test('nothing went wrong in the console, and the content security policy stopped nothing', () => {
    expect(studio.mistakes).toEqual([])
  })
})
