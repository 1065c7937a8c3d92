import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeInBrowser } from '../chromium.ts'
import { findBarriers, shoot } from '../studio-page.fixture.ts'
import { ada, choose, firstRunLink, picture, shownCommand, writeOnTelegram } from './steps.fixture.ts'
import { openTown, type Running, type Town } from './town.fixture.ts'

const slowMs = 2_500

const isOver = (said: string): boolean => said.endsWith('nine.')

/** The whole way of somebody who has never seen Studio, with the mouse: each step goes on where the one before it ended. */
describeInBrowser('from the first run to a roll-back', { timeout: 60_000 }, () => {
  let town: Town
  let studio: Running
  let page: Page
  beforeAll(async () => {
    town = await openTown(({ messages }) => {
      const [instructions, asked] = [String(messages[0]?.content), JSON.stringify(messages.at(-1)?.content)]
      const text = instructions.includes('pirate') ? 'Arr, we open at nine.' : 'We open at nine.'
      return asked.includes('holidays') ? { text, delayMs: slowMs } : { text }
    })
    await town.startRuntime()
    studio = await town.startStudio()
  }, 90_000)
  afterAll(() => town?.close())
  beforeEach(({ onTestFailed }) => onTestFailed(() => shoot(page, 'way-failed')))

  test('the one-time link makes the first account', async () => {
    page = await town.open(firstRunLink(studio))
    await page.getByLabel('Your name').fill(ada.name)
    await page.getByLabel('Login').fill(ada.login)
    await page.getByLabel('Password', { exact: true }).fill(ada.password)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('heading', { name: 'First steps', level: 1 }).waitFor()
    await picture(page, 'first-steps')
    expect(await findBarriers(page)).toEqual([])
  })

  test('a runtime is connected as the page says, with the same fingerprint on both sides', async () => {
    await page.getByRole('link', { name: 'Connect runtime' }).click()
    await page.getByText('Fingerprint', { exact: true }).waitFor()
    const fingerprint = await page.locator('dt', { hasText: 'Fingerprint' }).locator('+ dd').innerText()
    await page.getByRole('button', { name: 'Connect runtime' }).first().click()
    await page.getByRole('dialog').getByLabel('Management address').waitFor()
    await picture(page, 'connect')
    expect(await town.asyncv(...(await shownCommand(page, 'asyncv trust add')))).toContain(fingerprint)
    const key = await town.asyncv(...(await shownCommand(page, 'asyncv keys create')))
    await page.getByLabel('Name').fill('production')
    await page.getByLabel('Runtime address').fill(`http://127.0.0.1:${town.ports.runtime}`)
    await page.getByLabel('Management address').fill(`http://127.0.0.1:${town.ports.management}`)
    await page.getByLabel('Key', { exact: true }).fill(key.trim())
    await page.getByRole('dialog').getByRole('button', { name: 'Connect runtime' }).click()
    await page.getByText('Ready to publish').waitFor()
  })

  test('a model service is made by form, and its key goes to the vault', async () => {
    await takeStep('Add model service')
    await page.getByLabel('Name').fill('main')
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    await page.getByLabel('Base address').fill(town.model.url)
    await page.getByRole('button', { name: 'Set value' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('API key').fill('sk-of-the-fake-model')
    await picture(page, 'secret')
    await dialog.getByRole('button', { name: 'Send to the vault' }).click()
    await page.getByText(/version 1, fingerprint/).waitFor()
    await page.getByRole('button', { name: /^Save/ }).click()
    await page.getByText('Version 2 ·').waitFor()
  })

  test('a Telegram connector likewise', async () => {
    await takeStep('New connector')
    await page.getByLabel('Name').fill('shop-bot')
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    await page.getByLabel('Address of the Bot API').fill(town.telegram.url)
    await choose(page, 'Who may write', 'Everyone')
    await page.getByRole('button', { name: 'Set value' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Bot token').fill(town.telegram.token)
    await dialog.getByRole('button', { name: 'Send to the vault' }).click()
    await page.getByText(/version 1, fingerprint/).waitFor()
    await page.getByRole('button', { name: /^Save/ }).click()
    await page.getByText('Version 2 ·').waitFor()
    await picture(page, 'connector')
  })

  test('an agent is made from a template and edited', async () => {
    await takeStep('New agent')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Name' }).fill('shop')
    await dialog.getByRole('combobox', { name: 'Model' }).fill('main/fake-model')
    await page.keyboard.press('Escape')
    await dialog.getByText('Answers customers in a chat').click()
    await picture(page, 'templates')
    await dialog.getByRole('button', { name: 'Create', exact: true }).click()
    const written = page.getByRole('textbox', { name: 'Instructions' })
    await written.click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('\nThe shop opens at nine.')
    await page.getByRole('button', { name: /^Save/ }).click()
    await page.getByText('Version 2 ·').waitFor()
    await picture(page, 'agent')
  })

  test('a route leads from the one to the other', async () => {
    await takeStep('New route')
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    await page.getByText('shop-bot leads to shop now').waitFor()
  })

  test('everything is published, and the runtime has it', async () => {
    await publish('The shop answers')
    expect(await town.asyncv('releases', 'list')).toContain('studio-')
  })

  test('a person writes on Telegram, is answered, and the conversation can be watched', async () => {
    expect(await writeOnTelegram(town, 'When do you open?', isOver)).toBe('We open at nine.')
    await go('Sessions')
    await page.getByRole('link', { name: /chat 77/ }).click()
    await page.getByText('When do you open?').waitFor()
    await page.getByText('We open at nine.').first().waitFor()
    await picture(page, 'conversation')
  })

  test('why one message took long is found: the model did', async () => {
    expect(await writeOnTelegram(town, 'And on holidays?', isOver)).toBe('We open at nine.')
    await go('Where is my message?')
    await page.getByRole('link', { name: 'And on holidays?' }).click()
    await page.getByText('It was answered, and the answer arrived.').waitFor()
    const slowest = page.getByRole('listitem').filter({ hasText: 'This took longest' })
    expect(await slowest.innerText()).toMatch(/The model main\/fake-model was asked, and answered\.[\s\S]*[2-9]\.\d+ s/)
    await picture(page, 'where')
    await page.getByRole('link', { name: 'Show the task' }).click()
    await page.getByText('slowest').waitFor()
    await picture(page, 'task')
  })

  test('instructions are changed and published, and the next answer follows them', async () => {
    await go('Agents')
    await page.getByRole('link', { name: 'shop', exact: true }).click()
    await page.getByRole('textbox', { name: 'Instructions' }).click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('\nSpeak like a pirate.')
    await page.getByRole('button', { name: /^Save/ }).click()
    await page.getByText('Version 3 ·').waitFor()
    await publish('Like a pirate')
    expect(await writeOnTelegram(town, 'When do you open?', isOver)).toBe('Arr, we open at nine.')
  })

  test('rolled back, the answers are as before', async () => {
    await go('Releases')
    await page.getByRole('link', { name: '1', exact: true }).click()
    await page.getByRole('button', { name: 'Roll back to this' }).click()
    await page.getByRole('dialog').locator('del').first().waitFor()
    await picture(page, 'roll-back')
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back', exact: true }).click()
    await page.getByRole('heading', { name: 'Release 3', level: 1 }).waitFor()
    await page.getByRole('list', { name: 'Runtimes' }).getByText('Applied', { exact: true }).waitFor()
    expect(await writeOnTelegram(town, 'When do you open?', isOver)).toBe('We open at nine.')
  })

  test('nothing went wrong in the console', () => {
    expect(town.mistakes).toEqual([])
  })

  /** By the rail, where the page may have a link of the same name. */
  const go = (name: string): Promise<void> =>
    page.getByRole('navigation', { name: 'Navigation' }).getByRole('link', { name }).click()

  /** Back to the steps, and on to the next. */
  async function takeStep(name: string): Promise<void> {
    await page.getByRole('link', { name: 'First steps' }).click()
    await page.getByRole('main').getByRole('link', { name }).click()
  }

  async function publish(summary: string): Promise<void> {
    await go('Releases')
    await page.getByRole('link', { name: /Review changes/ }).click()
    await page.getByText('No runtime would refuse this').waitFor()
    await page.getByLabel('Summary').fill(summary)
    await picture(page, 'publish')
    await page.getByRole('button', { name: /^Publish \d+ changes?$/ }).click()
    await page.getByRole('list', { name: 'Runtimes' }).getByText('Applied', { exact: true }).waitFor()
  }
})
