import { openai, openaiProvider } from '@asyncv/openai'
import { telegramConnector } from '@asyncv/telegram'
import { defineProvider } from 'asyncv'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { describeInBrowser } from './chromium.ts'
import { openWorkplace, type Workplace } from './runtime.fixture.ts'

describeInBrowser('connectors and model services', () => {
  let studio: Workplace
  beforeAll(async () => {
    studio = await openWorkplace({ runtime: { definitions: async () => [openaiProvider, telegramConnector, lenient] } })
    const options = { baseURL: studio.model.url, timeouts: { connectMs: 5_000 } }
    await studio.create('provider', 'second', { type: 'openai', options })
    await studio.create('agent', 'helper', { name: 'helper', model: 'main/fake-model' })
    await studio.asyncv.secrets.put({ name: 'LINE_TOKEN', value: '4444:fake-token-of-line' })
    await studio.create('connector', 'line', { type: 'telegram', options: { token: { $secret: 'LINE_TOKEN' } } })
    await studio.create('route', 'line', { connector: 'line', agent: 'helper' })
  }, 60_000)
  afterAll(() => studio?.close())

  const saved = async (kind: string, name: string) =>
    (await studio.api.ask('GET', `/api/items/${kind}/${name}`)).body.content
  const options = (page: Page) => page.getByRole('textbox', { name: 'Options' })
  /** The page of a model service, with the last brace of its options taken away. */
  const openBroken = async (name: string): Promise<Page> => {
    await studio.create('provider', name, { type: 'openai', options: { baseURL: studio.model.url } })
    const page = await studio.open(`/providers/${name}`, {}, studio.as.editor)
    await page.getByRole('tab', { name: 'JSON' }).click()
    await options(page).focus()
    await page.keyboard.press('Control+End')
    await page.keyboard.press('Backspace')
    await page.getByText('Not all of it can be read yet.').waitFor()
    return page
  }
  const seeBroken = async (page: Page): Promise<void> => {
    await page.getByText('Not all of it can be read yet.').waitFor()
    await options(page).getByText('baseURL').waitFor()
    expect(await options(page).textContent()).not.toContain('}')
    expect(await page.getByRole('button', { name: /^Save/ }).isDisabled()).toBe(true)
  }

  test('a connector is created from what its type asks for; its secret goes to the vault alone', async () => {
    const page = await studio.open('/connectors?create=true', {}, studio.as.operator)
    await page.getByRole('dialog', { name: 'New connector' }).waitFor()
    await page.keyboard.type('tg')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/connectors/tg')
    await page.getByRole('textbox', { name: 'Address of the Bot API' }).fill(studio.telegram.url)
    await page.getByRole('button', { name: 'Set value' }).click()
    await page.getByRole('dialog', { name: 'Set TG_TOKEN' }).waitFor()
    await page.keyboard.type('4343:another-fake-token')
    await page.keyboard.press('Enter')
    await page.getByText(/^In the vault of production, version 1, fingerprint/).waitFor()
    await page.getByRole('combobox', { name: 'Who may write' }).click()
    await page.getByRole('option', { name: 'Everyone' }).click()
    // A connector without a route is what a release would be refused for: here it is the next step.
    await page.getByText('No route leads from it to an agent yet.').waitFor()
    expect(await page.getByRole('link', { name: 'New route' }).getAttribute('href')).toMatch(/^\/routes\?create=true/)
    expect(await page.getByText('Whoever finds the bot is answered.').count()).toBe(1)
    await page.keyboard.press('Control+S')
    await page.getByText('Saved as version 2').waitFor()

    expect(await saved('connector', 'tg')).toEqual({
      type: 'telegram',
      options: { token: { $secret: 'TG_TOKEN' }, apiRoot: studio.telegram.url, allow: 'everyone' },
    })
    expect(await studio.asyncv.secrets.get('TG_TOKEN')).toMatchObject({ origins: [studio.telegram.url] })
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
    expect(kept).not.toContain('another-fake-token')
    expect(studio.mistakes).toEqual([])
  })

  test('another address asks for the secret again', async () => {
    await studio.asyncv.secrets.put({ name: 'KEY', value: 'k', origins: ['https://api.openai.com'] })
    await studio.create('provider', 'cloud', { type: 'openai', options: { apiKey: { $secret: 'KEY' } } })
    const page = await studio.open('/providers/cloud', {}, studio.as.operator)
    await page.getByText(/^In the vault of production/).waitFor()
    await page.getByRole('textbox', { name: 'Base address' }).fill('https://elsewhere.example/v1')
    await page.getByText(/^It is bound to https:\/\/api\.openai\.com\. To send it to https:\/\/elsewhere/).waitFor()
    await page.getByText('1 problem', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Replace value' }).click()
    await page.getByRole('dialog', { name: 'Replace KEY' }).waitFor()
    await page.keyboard.type('new-value')
    await page.keyboard.press('Enter')
    // A connector without a route is what a release would be refused for.
    await page.getByText(/^1 problem elsewhere/).waitFor()
    expect(await studio.asyncv.secrets.get('KEY')).toMatchObject({ origins: ['https://elsewhere.example'], version: 2 })
  })

  test('an option that says its default is left out, and what is wrong is said at its field', async () => {
    const page = await studio.open('/providers/second', {}, studio.as.editor)
    const connect = page.getByRole('textbox', { name: 'To connect' })
    await connect.fill('10000')
    await connect.blur()
    await page.getByRole('checkbox', { name: 'Streams its answers' }).uncheck()
    await page.keyboard.press('Control+S')
    await page.getByText('Saved as version 2').waitFor()
    expect(await saved('provider', 'second')).toEqual({
      type: 'openai',
      options: { baseURL: studio.model.url, stream: false },
    })
    const address = page.getByRole('textbox', { name: 'Base address' })
    await address.fill('nowhere')
    await page.getByText('1 problem', { exact: true }).waitFor()
    expect(await address.getAttribute('aria-invalid')).toBe('true')
  })

  test('what is no JSON yet is not saved, and stays where it can be corrected', async () => {
    const page = await openBroken('typed')
    await page.keyboard.press('Control+S')
    await seeBroken(page)
    await page.getByRole('tab', { name: 'Form' }).click()
    await seeBroken(page)
    await options(page).focus()
    await page.keyboard.press('Control+End')
    await page.keyboard.type(', "stream": false}')
    await page.getByText('Not saved yet').waitFor()
    await page.keyboard.press('Control+S')
    await page.getByText('Saved as version 2').waitFor()
    expect(await saved('provider', 'typed')).toMatchObject({ options: { stream: false } })
  })

  test('what is no JSON yet is there again after the history, a reload, and leaving', async () => {
    const page = await openBroken('left')
    await page.getByRole('link', { name: 'History' }).click()
    await page.getByRole('heading', { name: 'Version 1' }).waitFor()
    await page.getByText('Not all of it can be read yet.').waitFor()
    await page.getByRole('link', { name: 'Configuration' }).click()
    await seeBroken(page)
    await page.reload()
    await seeBroken(page)
    await page.getByRole('link', { name: 'Routes' }).click()
    await page.getByRole('button', { name: 'Leave and keep' }).click()
    await page.waitForURL('**/routes')
    await page.goto('/providers/left')
    await seeBroken(page)
  })

  test('what is no JSON yet goes along with a new name', async () => {
    const page = await openBroken('called')
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('recalled')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/providers/recalled')
    await seeBroken(page)
  })

  test('what is no JSON yet stays when somebody else saves, and both are compared once it is', async () => {
    const page = await openBroken('shared')
    const content = { type: 'openai', options: { baseURL: studio.model.url, includeUsage: false } }
    await studio.api.ask('PUT', '/api/items/provider/shared', { base: 1, content })
    await page.getByText('Ann saved version 2 while you were editing.').waitFor()
    await seeBroken(page)
    expect(await page.getByRole('button', { name: 'Compare' }).count()).toBe(0)
    await options(page).focus()
    await page.keyboard.press('Control+End')
    await page.keyboard.type(', "stream": false}')
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.getByRole('button', { name: 'Save this' }).click()
    await page.getByText('Saved as version 3').waitFor()
    expect(await saved('provider', 'shared')).toMatchObject({ options: { stream: false, includeUsage: false } })
  })

  test('what is no JSON yet is discarded when that is asked for, and back when that was a mistake', async () => {
    const page = await openBroken('taken-back')
    await page.getByRole('button', { name: 'Discard it' }).click()
    await page.getByText('Not all of it can be read yet.').waitFor({ state: 'detached' })
    expect(await options(page).textContent()).toContain('}')
    await page.getByRole('button', { name: 'Undo' }).click()
    await seeBroken(page)
  })

  test('an entry of the form that is no JSON yet is neither saved nor lost', async () => {
    await studio.create('provider', 'loose', { type: 'lenient', options: { extra: { a: 1 }, name: 'first' } })
    const page = await studio.open('/providers/loose', {}, studio.as.editor)
    const extra = page.getByRole('textbox', { name: 'Extra' })
    await extra.focus()
    await page.keyboard.press('Control+End')
    await page.keyboard.press('Backspace')
    await page.getByText('Not all of it can be read yet.').waitFor()
    await page.getByRole('tab', { name: 'JSON' }).click()
    expect(await extra.textContent()).not.toContain('}')
    await page.getByRole('textbox', { name: 'Name' }).fill('second')
    await page.reload()
    await page.getByText('Not all of it can be read yet.').waitFor()
    expect(await extra.textContent()).toContain('"a": 1')
    expect(await extra.textContent()).not.toContain('}')
    await extra.focus()
    await page.keyboard.press('Control+End')
    await page.keyboard.type(', "b": 2}')
    await page.getByText('What you typed earlier is still here.').waitFor()
    await page.keyboard.press('Control+S')
    await page.getByText('Saved as version 2').waitFor()
    expect(await saved('provider', 'loose')).toMatchObject({ options: { extra: { a: 1, b: 2 }, name: 'second' } })
  })

  test('an address that names a runtime that there is not says which one is shown', async () => {
    const page = await studio.open('/connectors?runtime=gone', {}, studio.as.viewer)
    await page.getByText('You are looking at production instead.').waitFor()
    await page.getByRole('button', { name: 'Stay with production' }).click()
    await page.getByText('You are looking at production instead.').waitFor({ state: 'detached' })
    expect(new URL(page.url()).searchParams.get('runtime')).toBe(studio.runtime)
  })

  test('a header is called as it is written, however long that is', async () => {
    const page = await studio.open('/providers/second', {}, studio.as.editor)
    for (const name of ['X-Api-Token', `x-${'long'.repeat(60)}`]) {
      await page.getByRole('textbox', { name: 'Name of a new entry of Headers' }).fill(name)
      await page.getByRole('button', { name: 'Add', exact: true }).last().click()
    }
    await page.locator('label, legend').getByText('X-Api-Token', { exact: true }).waitFor()
    await page.locator('label, legend').getByText('x-longlong').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1280)
  })

  test('a runtime that comes back is heard of without a reload: the form, and what it says of it', async () => {
    await studio.lose()
    const page = await studio.open('/sign-in', {}, studio.as.editor)
    await page.clock.install()
    await page.goto('/providers/second')
    await page.getByText('Only the form was checked; no runtime could be asked.').waitFor()
    await page.getByRole('textbox', { name: 'Options' }).waitFor()
    await studio.bringBack()
    await page.clock.runFor(11_000)
    await page.getByRole('tab', { name: 'Form' }).waitFor()
    await page
      .getByText('No problems, says production')
      .or(page.getByText(/would stop a release/))
      .waitFor()
    // The browser writes each answer for a runtime that is away to its console.
    expect(studio.mistakes.filter((one) => !one.includes('status of 502'))).toEqual([])
    studio.mistakes.length = 0
  })

  test('an operator tests, stops and starts what runs', async () => {
    const page = await studio.open('/connectors', {}, studio.as.operator)
    const operate = page.getByRole('button', { name: 'Operate code-tg' })
    await operate.click()
    await page.getByRole('menuitem', { name: 'Test' }).click()
    await page.getByText(/^code-tg: It works, /).waitFor()
    await operate.click()
    await page.getByRole('menuitem', { name: 'Stop' }).click()
    await page.getByText('Stopped', { exact: true }).waitFor()
    await operate.click()
    await page.getByRole('menuitem', { name: 'Start' }).click()
    await page.getByText('Running', { exact: true }).waitFor()
  })

  test('a route leads from a connector to an agent', async () => {
    await studio.create('connector', 'new', { type: 'telegram', options: { token: { $secret: 'LINE_TOKEN' } } })
    const page = await studio.open('/routes?create=true', {}, studio.as.editor)
    const dialog = page.getByRole('dialog', { name: 'New route' })
    await dialog.getByRole('combobox', { name: 'Connector' }).click()
    await page.getByRole('option', { name: 'new' }).click()
    // There is one agent, which is chosen already.
    await dialog.getByRole('button', { name: 'Create' }).click()
    await page.getByText('new leads to helper now').waitFor()
    expect(await saved('route', 'new')).toEqual({ connector: 'new', agent: 'helper' })
  })

  test('a viewer sees the state, and neither secrets nor what is for operators', async () => {
    const page = await studio.open('/connectors/line', {}, studio.as.viewer)
    await page.getByText('Not there').waitFor()
    await page.getByRole('textbox', { name: 'Address of the Bot API' }).waitFor()
    expect(await page.getByRole('button', { name: /value|Test|Stop|Save|More actions/ }).count()).toBe(0)
    expect(await page.getByText(/fingerprint/).count()).toBe(0)
    await page.goto('/connectors')
    await page.getByText('Running', { exact: true }).waitFor()
    expect(await page.getByRole('button', { name: /Operate|New connector/ }).count()).toBe(0)
    expect(studio.mistakes).toEqual([])
  })
})

/** A type with an option that no form can ask for. */
const lenient = defineProvider({
  type: 'lenient',
  options: z.object({ extra: z.any().optional(), name: z.string().optional() }),
  create: () => openai({ baseURL: 'http://127.0.0.1:9' }),
})
