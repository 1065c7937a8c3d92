import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeInBrowser } from '../chromium.ts'
import { shoot, shootWhenAsked } from '../studio-page.fixture.ts'
import { settle } from './settled.fixture.ts'
import { ada } from './steps.fixture.ts'
import { openTown, type Running, type Town } from './town.fixture.ts'

describeInBrowser('by keyboard alone, in Chinese', { timeout: 90_000 }, () => {
  let town: Town
  let studio: Running
  let page: Page
  beforeAll(async () => {
    town = await openTown(({ messages }) => ({ text: String(messages[0]?.content) }))
    studio = (await settle(town)).studio
    page = await town.open(studio.url, 'zh')
  }, 120_000)
  afterAll(() => town?.close())
  beforeEach(({ onTestFailed }) => onTestFailed(() => shoot(page, 'keyboard-failed')))

  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key)
  }

  /** As somebody gets there who has no mouse. */
  async function tabTo(wanted: Locator): Promise<void> {
    await wanted.waitFor()
    for (let presses = 0; presses < 60; presses++) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return
      await page.keyboard.press('Tab')
    }
    throw new Error('It is not reached by the tabulator.')
  }

  test('an agent is made, edited and published, and answers as it is told', async () => {
    await tabTo(page.getByLabel('登录名'))
    await page.keyboard.type(ada.login)
    await press('Tab')
    await page.keyboard.type(ada.password)
    await press('Enter')
    await page.getByRole('navigation', { name: '导航' }).waitFor()

    await page.getByRole('heading', { name: '概览', level: 1 }).waitFor()
    await press('g', 'a')
    await page.getByRole('heading', { name: '智能体', level: 1 }).waitFor()
    await tabTo(page.getByRole('button', { name: '新建智能体' }))
    await press('Enter')
    await page.getByRole('dialog', { name: '新建智能体' }).waitFor()
    await page.keyboard.type('fanyi')
    await press('Tab', 'Tab', 'ArrowDown', 'ArrowDown')
    await shootWhenAsked(page, 'keyboard-1-new-agent')
    await press('Enter')
    await page.waitForURL('**/agents/fanyi*')

    await tabTo(page.getByRole('textbox', { name: '指令' }))
    await press('Control+End', 'Enter')
    await page.keyboard.insertText('语气要亲切。')
    await shootWhenAsked(page, 'keyboard-2-agent')
    await press('Control+S')
    await page.getByText('已保存为版本 2').waitFor()

    await press('Control+K')
    await page.getByRole('dialog').getByRole('combobox').waitFor()
    await page.keyboard.insertText('查看更改')
    await press('Enter')
    await page.getByRole('heading', { name: '未发布的更改', level: 1 }).waitFor()
    await page.getByText('所有运行时均可接受').waitFor()
    await press('p')
    await page.keyboard.insertText('新增翻译')
    await shootWhenAsked(page, 'keyboard-3-publish')
    await press('Control+Enter')
    await page.getByRole('heading', { name: '发布 2', level: 1 }).waitFor()
    await page.getByText('已应用', { exact: true }).waitFor()
    await shootWhenAsked(page, 'keyboard-4-release')
    expect(await town.asyncv('send', 'fanyi', '你好')).toContain('语气要亲切。')
    expect(town.mistakes).toEqual([])
  })
})
