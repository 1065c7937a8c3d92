import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInBrowser } from './chromium.ts'
import { haveConversations, openWatched, until } from './conversations.fixture.ts'
import type { Workplace } from './runtime.fixture.ts'
import { findBarriers, shootWhenAsked } from './studio-page.fixture.ts'

describeInBrowser('watching a runtime', () => {
  let workplace: Workplace
  beforeAll(async () => {
    workplace = await openWatched()
    await haveConversations(workplace)
  }, 60_000)
  afterAll(() => workplace.close())

  /** Addresses of what `haveConversations` made. */
  async function places() {
    const { asyncv } = workplace
    const tasks = (await asyncv.tasks({ limit: 100, order: 'oldest' })).data
    const sessions = (await asyncv.sessions()).data
    const chat = sessions.find(({ address }) => address.includes(':77:'))?.id ?? ''
    const [message] = (await asyncv.messages(chat)).data
    const [dead] = (await asyncv.deliveries({ state: 'dead' })).data
    const failed = tasks.find(({ state }) => state === 'failed')
    return {
      tool: tasks[0]?.id ?? '',
      failed: failed?.id ?? '',
      chat,
      message: message?.id ?? '',
      dead: dead?.id ?? '',
    }
  }

  /** Each page, and what is there when all of it has come: charts and Markdown are loaded when they are drawn. */
  const shown: Record<string, [path: (at: Awaited<ReturnType<typeof places>>) => string, whole: string]> = {
    overview: [() => '/overview', 'canvas'],
    tasks: [() => '/tasks', 'tbody tr'],
    task: [({ tool }) => `/tasks/${tool}`, 'main strong'],
    'failed task': [({ failed }) => `/tasks/${failed}`, 'li button'],
    sessions: [() => '/sessions', 'tbody tr'],
    session: [({ chat }) => `/sessions/${chat}`, 'main strong'],
    'session of the model': [({ chat }) => `/sessions/${chat}?view=model`, 'main strong'],
    messages: [() => '/trace', 'tbody tr'],
    message: [({ message }) => `/trace/${message}`, 'main ol li'],
    deliveries: [() => '/deliveries', 'tbody tr'],
    delivery: [({ dead }) => `/deliveries?show=${dead}`, '[role=dialog]'],
  }

  test('a task that comes in appears by itself, unless the list is paused', async () => {
    const page = await workplace.open('/tasks', {}, workplace.as.viewer)
    await page.getByText('Live', { exact: true }).waitFor()
    await workplace.asyncv.send({ agent: 'counter', session: 'live', text: 'first while looking' })
    const rows = page.getByRole('row').filter({ hasText: 'counter' })
    await expect.poll(() => rows.count()).toBe(1)
    await page.getByRole('button', { name: 'Pause' }).click()
    await workplace.asyncv.send({ agent: 'counter', session: 'live', text: 'second' })
    await page.waitForTimeout(1_500)
    expect(await rows.count()).toBe(1)
    await page.getByRole('button', { name: 'Go on' }).click()
    await expect.poll(() => rows.count()).toBe(2)
  })

  test('filters are in the address, and survive a reload', async () => {
    const page = await workplace.open('/tasks', {}, workplace.as.viewer)
    await page.getByRole('combobox', { name: 'State' }).click()
    await page.getByRole('option', { name: 'Failed' }).click()
    await expect.poll(() => page.getByRole('row').count()).toBe(2)
    await page.reload()
    await page.getByRole('row').filter({ hasText: 'This model does not answer that' }).waitFor()
    expect(await page.getByRole('row').count()).toBe(2)
  })

  test('by keyboard alone the reason for a slow message is found', async () => {
    const page = await workplace.open('/overview', {}, workplace.as.viewer)
    await page.locator('h1').waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('w')
    await page.getByRole('heading', { name: 'Where is my message?' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('weather')
    await expect.poll(() => page.getByRole('row').count()).toBe(2)
    const row = page.getByRole('row').nth(1)
    for (let presses = 0; !(await row.evaluate((element) => element === document.activeElement)); presses += 1) {
      expect(presses).toBeLessThan(12)
      await page.keyboard.press('Tab')
    }
    await page.keyboard.press('Enter')
    await page.getByText('It was answered, and the answer arrived.').waitFor()
    const slowest = page.getByRole('listitem').filter({ hasText: 'This took longest' })
    expect(await slowest.textContent()).toContain('The tool weather did its work.')
    expect(await slowest.textContent()).toMatch(/\d{3} ms|\d s/)
  })

  test('what people and models wrote does nothing on any page', async () => {
    const at = await places()
    const asked: string[] = []
    const page = await workplace.open('/tasks', {}, workplace.as.viewer)
    page.on('request', (request) => asked.push(request.url()))
    const { data } = await workplace.asyncv.sessions()
    const caller = data.find(({ address }) => address.includes('user-42'))?.id
    const all = Object.values(shown).map(([path, whole]) => [path(at), whole] as const)
    for (const [path, whole] of [...all, [`/sessions/${caller}`, 'main li'] as const]) {
      await page.goto(path)
      await page.locator(whole).first().waitFor()
      const found = await page.evaluate(() => ({
        title: document.title,
        pictures: document.querySelectorAll('main img').length,
        scripts: document.querySelectorAll('main script').length,
        links: [...document.querySelectorAll('a')].filter(({ href }) => href.startsWith('javascript:')).length,
      }))
      expect(found, path).toEqual({ title: expect.not.stringContaining('owned'), pictures: 0, scripts: 0, links: 0 })
    }
    await page.goto(`/sessions/${at.chat}`)
    await page.getByText('<script>document.title="owned"</script>').waitFor()
    expect(asked.filter((url) => url.includes('pixel'))).toEqual([])
  }, 90_000)

  test('a viewer is offered nothing that would be refused', async () => {
    const { failed, dead } = await places()
    const page = await workplace.open(`/tasks/${failed}`, {}, workplace.as.viewer)
    await page.getByText('This model does not answer that').first().waitFor()
    expect(await page.getByRole('button', { name: 'Run again' }).count()).toBe(0)
    await page.goto(`/deliveries?show=${dead}`)
    await page.getByRole('dialog').getByText('bot was blocked by the user').waitFor()
    expect(await page.getByRole('button', { name: /Send again|Discard/ }).count()).toBe(0)
  })

  test('a task that hangs is cancelled, after a question', async () => {
    const { asyncv } = workplace
    const sent = asyncv.send({ agent: 'support', session: 'hanging', text: 'hang' }).catch(() => null)
    const task = await until(async () => (await asyncv.tasks({ state: 'running' })).data[0])
    const page = await workplace.open(`/tasks/${task.id}`, {}, workplace.as.operator)
    await page.getByRole('button', { name: 'Cancel task' }).click()
    const dialog = page.getByRole('alertdialog')
    await dialog.getByText('What its tools have done already stays done.').waitFor()
    expect(await findBarriers(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Cancel task' }).click()
    await page.locator('header').getByText('Cancelled').waitFor()
    expect((await asyncv.task(task.id)).state).toBe('cancelled')
    await sent
  })

  test('a dead letter is discarded by keyboard, and is told that this is for good', async () => {
    const page = await workplace.open('/deliveries', {}, workplace.as.operator)
    const discard = page.getByRole('button', { name: 'Discard' })
    await discard.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('alertdialog')
    await dialog.getByText('This cannot be undone.').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Nothing needs a decision').waitFor()
    expect((await workplace.asyncv.deliveries({ state: 'discarded' })).data).toHaveLength(1)
  })

  test('while the runtime is away what was known stays, and it goes on by itself', async () => {
    const page = await workplace.open('/tasks', {}, workplace.as.viewer)
    await page.getByText('Live', { exact: true }).waitFor()
    const rows = await page.getByRole('row').count()
    await workplace.lose()
    try {
      await page.getByText('production does not answer.').waitFor({ timeout: 15_000 })
      expect(await page.getByRole('row').count()).toBe(rows)
      expect(await findBarriers(page)).toEqual([])
      await shootWhenAsked(page, 'runtime-away')
      const other = await workplace.open('/sessions', {}, workplace.as.viewer)
      await other.getByRole('heading', { name: 'The runtime does not answer.' }).waitFor()
      await workplace.bringBack()
      await other.getByRole('row').nth(1).waitFor({ timeout: 15_000 })
    } finally {
      await workplace.bringBack().catch(() => null)
    }
    await page.getByText('production does not answer.').waitFor({ state: 'detached', timeout: 15_000 })
    await workplace.asyncv.send({ agent: 'counter', session: 'back', text: 'back again' })
    await expect.poll(() => page.getByRole('row').count(), { timeout: 10_000 }).toBe(rows + 1)
  }, 90_000)

  test('of a runtime that takes requests and answers none, it is said that it does not answer, and not that Studio does not', async () => {
    const sockets: Socket[] = []
    const stuck = createServer((socket) => void sockets.push(socket.on('error', () => {})))
    await new Promise<void>((resolve) => stuck.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(stuck.address() as AddressInfo).port}`
    const key = `avk_stuck_${'k'.repeat(43)}`
    const { body } = await workplace.api.ask('POST', '/api/runtimes', { name: 'stuck', url, managementUrl: url, key })
    try {
      const page = await workplace.open(`/tasks?runtime=${body.id}`, {}, workplace.as.viewer)
      await page.getByText('stuck does not answer.').waitFor({ timeout: 20_000 })
      expect(await page.getByText('Studio cannot be reached').count()).toBe(0)
    } finally {
      await workplace.api.ask('DELETE', `/api/runtimes/${body.id}`)
      for (const socket of sockets) socket.destroy()
      stuck.close()
    }
  }, 60_000)

  test('four windows side by side take no connection from each other, and one that is closed makes room', async () => {
    const first = await workplace.open('/tasks', {}, workplace.as.viewer)
    await first.getByText('Live', { exact: true }).waitFor()
    const windows = [first]
    for (const path of ['/overview', '/sessions', '/tasks']) {
      const next = await first.context().newPage()
      await next.goto(path, { timeout: 10_000 })
      await next.getByRole('heading', { level: 1 }).waitFor({ timeout: 10_000 })
      windows.push(next)
    }
    const asked = (page: Page) =>
      page.evaluate(async () => (await fetch('/api/me', { signal: AbortSignal.timeout(5_000) })).status)
    for (const page of windows) expect(await asked(page)).toBe(200)
    // Whoever waited first hears of what happens from then on, instead of asking.
    const heard = windows[2]?.waitForRequest((request) => request.url().includes('/v1/events'), { timeout: 10_000 })
    await first.close()
    await heard
  }, 60_000)

  test('a conversation that begins is in the list before it would be asked for again', async () => {
    const page = await workplace.open('/sessions', {}, workplace.as.viewer)
    await page.getByRole('row').nth(1).waitFor()
    await workplace.asyncv.send({ agent: 'counter', session: 'begins', text: 'hi' })
    await page.getByRole('link', { name: 'API: begins' }).waitFor({ timeout: 8_000 })
  })

  test('a message that is further back is found in all sessions, and by the id of its task', async () => {
    const { asyncv } = workplace
    const { task } = await asyncv.send({ agent: 'counter', session: 'long', text: 'the needle' })
    // All of them are one task, which is quickly done.
    const hay = { agent: 'counter', session: 'long', text: 'hay', whenBusy: 'steer' } as const
    await Promise.all(Array.from({ length: 60 }, () => asyncv.send(hay)))
    const page = await workplace.open('/trace?q=needle', {}, workplace.as.viewer)
    await page.getByText('Nothing matches').waitFor()
    await page.getByRole('button', { name: 'Search all sessions' }).click()
    await page.getByRole('link', { name: 'the needle' }).waitFor()
    await page.getByText(/^Searched all \d+ sessions/).waitFor()
    await page.goto(`/trace?q=${task}`)
    await page.getByRole('link', { name: 'the needle' }).waitFor()
  })

  test('another runtime has not the same task: choosing it leads to the list', async () => {
    const { tool } = await places()
    const { api, asyncv } = workplace
    const { url, managementUrl } = (await api.ask('GET', '/api/runtimes')).body.data[0]
    const { key } = await asyncv.keys.create({ name: 'second', scopes: ['read', 'operate', 'configure'], space: '*' })
    const { body } = await api.ask('POST', '/api/runtimes', { name: 'staging', url, managementUrl, key })
    const page = await workplace.open(`/tasks/${tool}`, {}, workplace.as.viewer)
    await page.getByRole('button', { name: 'Runtime: production' }).click()
    await page.getByRole('menuitemradio', { name: 'staging' }).click()
    await page.waitForURL(`**/tasks?runtime=${body.id}`)
    await api.ask('DELETE', `/api/runtimes/${body.id}`)
  })

  test('nothing went wrong in any window', () => {
    expect(workplace.mistakes.filter((one) => !/^Failed to load resource/.test(one))).toEqual([])
  })
})
