import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Download, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInBrowser } from './chromium.ts'
import { openWorkplace, type Workplace } from './runtime.fixture.ts'
import { findBarriers, shootWhenAsked } from './studio-page.fixture.ts'

describeInBrowser('the audit log', () => {
  let studio: Workplace
  beforeAll(async () => {
    studio = await openWorkplace()
    const { body } = await studio.api.ask('GET', '/api/users')
    const editor = body.data.find(({ login }: { login: string }) => login === 'editor')
    await studio.api.ask('PUT', `/api/users/${editor.id}`, { name: '=1+1 <b>Eve</b>' })
    // Who did something there has a name that a spreadsheet would take for a formula.
    const { key } = await studio.asyncv.keys.create({ name: '=cmd()', scopes: ['read', 'configure'], space: '*' })
    const { managementUrl } = (await studio.api.ask('GET', '/api/runtimes')).body.data[0]
    const made = await fetch(`${managementUrl}/admin/v1/keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'made by it', scopes: ['read'] }),
    })
    expect(await made.text()).toContain('made by it')
  }, 60_000)
  afterAll(() => studio?.close())

  const open = (path = '/audit', looks = {}) => studio.open(path, looks, studio.as.viewer)
  const textOf = async (file: Download) => readFileSync(await file.path(), 'utf8')
  async function take(page: Page, format: string): Promise<string> {
    await page.getByRole('button', { name: 'Export' }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: format }).click(),
    ])
    return textOf(file)
  }

  test('says who did what and when, with the change as a difference, by keyboard alone', async () => {
    const page = await open()
    await page.getByRole('cell', { name: 'User changed' }).first().waitFor()
    await page.getByRole('row', { name: /User changed =1/ }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'User changed' })
    await dialog.getByText('=1+1 <b>Eve</b>').waitFor()
    expect(await dialog.locator('del').innerText()).toContain('editor')
    expect(page.url()).toContain('entry=')
    await page.keyboard.press('Escape')
    await page.waitForURL((url) => !url.search.includes('entry='))
  })

  test('is filtered by who and what, in the URL', async () => {
    const page = await open('/audit?action=user.invited')
    await page.getByRole('cell', { name: 'User invited' }).first().waitFor()
    expect(await page.getByRole('cell', { name: 'User changed' }).count()).toBe(0)
    await page.goto('/audit?action=webhook.deleted')
    await page.getByText('Nothing matches').waitFor()
  })

  test('is exported as JSON Lines and as CSV without formulas, Studio’s and the runtime’s', async () => {
    const page = await open()
    const lines = (await take(page, 'JSON Lines')).trim().split('\n')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ n: 1, prevHash: '0'.repeat(64) })
    expect((await take(page, 'CSV')).split('\r\n')[0]).toContain('"previous hash"')
    await page.getByRole('link', { name: 'Runtime: production' }).click()
    await page.getByRole('cell', { name: 'Key created' }).first().waitFor()
    const entries = (await take(page, 'JSON Lines')).trim().split('\n')
    expect(entries.map((one) => JSON.parse(one).n)).toEqual(entries.map((_, at) => at + 1))
    const csv = await take(page, 'CSV')
    expect(csv).toContain(`"'=cmd()"`)
    expect(csv).not.toMatch(/(^|,)"?=/m)
  })

  test('is proved to be whole, and where it is broken is said', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText('The chain is whole:', { exact: false }).waitFor()
    await page.getByRole('link', { name: 'Runtime: production' }).click()
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText('The chain is whole:', { exact: false }).waitFor()
    const database = new Database(join(studio.service.folder, 'studio.db'))
    database.exec(`update audit set actor_name = 'mallory' where n = 3`)
    database.close()
    await page.getByRole('navigation', { name: 'Whose log' }).getByRole('link', { name: 'Studio' }).click()
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByRole('alert').getByText('The chain is broken at entry 3.').waitFor()
    await shootWhenAsked(page, 'audit-broken-light-en-1280')
    expect(await findBarriers(page)).toEqual([])
  })

  test('a link to an entry that is further back opens it, and the way back leads out of one', async () => {
    // More than the page reads at first.
    const { body } = await studio.api.ask('GET', '/api/users')
    const { id } = body.data.find(({ login }: { login: string }) => login === 'viewer')
    for (let n = 0; n < 110; n++) await studio.api.ask('PUT', `/api/users/${id}`, { name: `Viewer ${n}` })
    const page = await open('/audit?entry=1')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('user.created').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('row').nth(2).click()
    await dialog.waitFor()
    await page.goBack()
    await dialog.waitFor({ state: 'detached' })
    expect(new URL(page.url()).pathname).toBe('/audit')
  })

  test('of a runtime, too, in either half of its log; and where there is no such entry, this is said', async () => {
    for (let n = 0; n < 210; n++) await studio.asyncv.keys.create({ name: `key ${n}` })
    const page = await open('/audit?log=runtime&entry=1')
    const dialog = page.getByRole('dialog', { name: 'Key created' })
    const number = (n: number) => dialog.getByRole('definition').filter({ hasText: new RegExp(`^${n}$`) })
    await number(1).waitFor()
    await page.goto('/audit?log=runtime&entry=108')
    await number(108).waitFor()
    await page.goto('/audit?log=runtime&entry=1000')
    await page.getByText('There is no entry 1,000.').waitFor()
  })

  test('nothing went wrong in the console', () => {
    expect(studio.mistakes).toEqual([])
  })
})
