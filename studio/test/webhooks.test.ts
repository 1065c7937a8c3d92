import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInBrowser } from './chromium.ts'
import {
  admin,
  findBarriers,
  makeFirstAccount,
  openStudioInBrowser,
  shootWhenAsked,
  type StudioInBrowser,
} from './studio-page.fixture.ts'

describeInBrowser('webhooks', { timeout: 60_000 }, () => {
  let studio: StudioInBrowser
  let status = 500
  const received: IncomingMessage['headers'][] = []
  const receiver = createServer((request, response) => {
    received.push(request.headers)
    response.writeHead(status).end()
  })
  beforeAll(async () => {
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
    studio = await openStudioInBrowser({ allowPrivateWebhooks: true })
    await makeFirstAccount(studio)
  }, 60_000)
  afterAll(async () => {
    await studio?.close()
    await new Promise((resolve) => receiver.close(resolve))
  })
  const address = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/studio`

  test('one is made, and its secret is shown once', async () => {
    const page = await studio.open('/settings/webhooks', {}, admin)
    await page.getByText('Nobody is told yet').waitFor()
    await page.getByRole('button', { name: 'New webhook' }).click()
    const dialog = page.getByRole('dialog', { name: 'New webhook' })
    await dialog.getByLabel('Address').fill('ftp://nowhere')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByText('Begin with https:// or http://.').waitFor()
    expect(await findBarriers(page)).toEqual([])
    await dialog.getByLabel('Address').fill(address())
    await dialog.getByRole('checkbox', { name: 'Published' }).click()
    await dialog.getByRole('button', { name: 'Create' }).click()
    const shown = page.getByRole('dialog', { name: 'Keep this secret' })
    expect(await shown.getByText(/^whsec_/).innerText()).toMatch(/^whsec_\S{32,}$/)
    await shown.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('link', { name: address() }).waitFor()
    await page.reload()
    await page.getByRole('link', { name: address() }).waitFor()
    expect(await page.content()).not.toContain('whsec_')
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('whsec_')
  })

  test('a test that fails says why, and is sent again until it is taken', async () => {
    const page = await studio.open('/settings/webhooks', {}, admin)
    await page.getByRole('link', { name: address() }).click()
    await page.getByText('Nothing was sent yet').waitFor()
    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.getByRole('cell', { name: 'Answers 500.', exact: true }).waitFor()
    await page.setViewportSize({ width: 390, height: 844 })
    await page.getByRole('cell', { name: 'Test Answers 500.' }).waitFor()
    await page.setViewportSize({ width: 1280, height: 800 })
    await shootWhenAsked(page, 'webhook-light-en-1280')
    status = 204
    await page.getByRole('button', { name: 'Send again' }).click()
    // It is sent again by itself too, a moment later.
    await page.getByText('It is sent again').waitFor()
    await page.getByText('Sent', { exact: true }).waitFor()
    expect(received.length).toBe(2)
    expect(received[0]?.['webhook-id']).toBe(received[1]?.['webhook-id'])
  })

  test('one is deleted after a question', async () => {
    const page = await studio.open('/settings/webhooks', {}, admin)
    await page.getByRole('button', { name: `More actions: ${address()}` }).click()
    await page.getByRole('menuitem', { name: 'Delete webhook' }).click()
    await page.getByRole('button', { name: 'Delete webhook' }).click()
    await page.getByText('Nobody is told yet').waitFor()
    expect(studio.mistakes).toEqual([])
  })
})
