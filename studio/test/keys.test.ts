import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInBrowser } from './chromium.ts'
import { openWorkplace, type Workplace } from './runtime.fixture.ts'
import { findBarriers, shootWhenAsked } from './studio-page.fixture.ts'

describeInBrowser('the keys of a runtime', () => {
  let studio: Workplace
  beforeAll(async () => {
    studio = await openWorkplace()
  }, 60_000)
  afterAll(() => studio?.close())

  const keys = async () => (await studio.asyncv.keys.list()).data

  test('one is made, shown once, and revoked', async () => {
    const page = await studio.open('/settings/keys', {}, studio.as.admin)
    await page.getByText('studio', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'New key' }).click()
    const dialog = page.getByRole('dialog', { name: 'New key' })
    await dialog.getByRole('textbox', { name: 'Name' }).fill('web shop')
    await dialog.getByRole('checkbox', { name: /^read/ }).click()
    await dialog.getByRole('textbox', { name: 'Space' }).fill('shop')
    await dialog.getByRole('textbox', { name: 'Agents' }).fill('assistant')
    await shootWhenAsked(page, 'key-create-light-en-1280')
    expect(await findBarriers(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Create' }).click()
    const shown = page.getByRole('dialog', { name: 'Keep this key' })
    const key = await shown.getByText(/^avk_/).innerText()
    await shown.getByRole('button', { name: 'Done' }).click()

    const made = (await keys()).find(({ name }) => name === 'web shop')
    expect(made).toMatchObject({ scopes: ['invoke'], space: 'shop', agents: ['assistant'], expiresAt: null })
    expect(key.trim()).toContain(made?.id)
    await page.reload()
    const row = page.getByRole('row', { name: /web shop/ })
    await row.getByText('Valid').waitFor()
    expect(await page.content()).not.toContain(key.trim())
    expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).not.toContain('avk_')

    await row.getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
    await row.getByText('Revoked').waitFor()
    expect((await keys()).find(({ name }) => name === 'web shop')?.revokedAt).not.toBeNull()
    expect(await row.getByRole('button').count()).toBe(0)
  })

  test('what is missing is said at its place, and what the runtime refuses above all', async () => {
    const page = await studio.open('/settings/keys', {}, studio.as.admin)
    await page.getByRole('button', { name: 'New key' }).click()
    const dialog = page.getByRole('dialog', { name: 'New key' })
    await dialog.getByRole('checkbox', { name: /^invoke/ }).click()
    await dialog.getByRole('checkbox', { name: /^read/ }).click()
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByText('Choose at least one.').waitFor()
    await dialog.getByRole('checkbox', { name: /^invoke/ }).click()
    await dialog.getByRole('textbox', { name: 'Name' }).fill('everything')
    await dialog.getByRole('textbox', { name: 'Space' }).fill('*')
    const before = (await keys()).length
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByRole('alert').first().waitFor()
    await shootWhenAsked(page, 'key-refused-light-en-1280')
    expect((await keys()).length).toBe(before)
    await page.reload()
    await page.getByRole('button', { name: 'New key' }).click()
    await dialog.getByText('What you typed earlier is still here.').waitFor()
    expect(await dialog.getByRole('textbox', { name: 'Space' }).inputValue()).toBe('*')
    await dialog.getByRole('button', { name: 'Discard it' }).click()
    expect(await dialog.getByRole('textbox', { name: 'Space' }).inputValue()).toBe('default')
    expect(await dialog.getByRole('checkbox', { name: /^read/ }).isChecked()).toBe(true)
  })

  test('nobody else is led there, and who goes there sees nothing of them', async () => {
    const page = await studio.open('/settings/keys', {}, studio.as.operator)
    await page.getByText('Your role does not allow this').waitFor()
    expect(await page.getByRole('link', { name: 'Keys', exact: true }).count()).toBe(0)
    expect(await page.getByText('avk_').count()).toBe(0)
  })

  test('where Studio’s own key lacks a scope, or is revoked, that is said, and not that the runtime is away', async () => {
    const place = (await studio.api.ask('GET', '/api/runtimes')).body.data[0]
    const use = async (scopes: ('invoke' | 'read' | 'operate' | 'configure')[]): Promise<string> => {
      const { id, key } = await studio.asyncv.keys.create({ name: 'studio', scopes, space: '*' })
      expect((await studio.api.ask('PUT', `/api/runtimes/${place.id}`, { key })).status).toBe(200)
      return id
    }
    const weak = await use(['read'])
    const page = await studio.open('/settings/runtimes', { language: 'zh' }, studio.as.viewer)
    const shown = page.getByRole('article', { name: 'production' })
    await shown.getByText('密钥权限不足').waitFor()
    await studio.asyncv.keys.revoke(weak)
    await page.reload()
    await shown.getByText('密钥被拒绝').waitFor()
    await shown.getByText('运行时不接受 Studio 所持的密钥。').waitFor()
    await page.goto('/overview')
    await page.getByRole('alert').getByText('运行时不接受 Studio 所持的密钥。').waitFor()
    expect(await page.getByText('没有响应').count()).toBe(0)
    await page.close()
    await use(['invoke', 'read', 'operate', 'configure'])
    // The browser itself notes each request that the runtime refused.
    expect(studio.mistakes.filter((one) => !one.includes('status of 502'))).toEqual([])
    studio.mistakes.length = 0
  })

  test('nothing went wrong in the console', () => {
    expect(studio.mistakes).toEqual([])
  })
})
