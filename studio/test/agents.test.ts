import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInBrowser } from './chromium.ts'
import { openWorkplace, type Workplace } from './runtime.fixture.ts'
import { findBarriers } from './studio-page.fixture.ts'

describeInBrowser('agents', () => {
  let studio: Workplace
  beforeAll(async () => {
    studio = await openWorkplace()
    await studio.create('agent', 'helper', agent('helper', 'You help.'))
    await studio.create('agent', 'poet', agent('poet', 'You write poems.'))
  }, 60_000)
  afterAll(() => studio?.close())

  const saved = async (name: string) => (await studio.api.ask('GET', `/api/items/agent/${name}`)).body
  const written = (page: Page) => page.getByRole('textbox', { name: 'Instructions' })
  const typeAtEnd = async (page: Page, text: string): Promise<void> => {
    await written(page).focus()
    await page.keyboard.press('Control+End')
    await page.keyboard.type(text)
  }

  test('are created, edited and saved by keyboard alone', async () => {
    const page = await studio.open('/agents', {}, studio.as.editor)
    const create = page.getByRole('button', { name: 'New agent' })
    await create.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'New agent' }).waitFor()
    await page.keyboard.type('translator')
    for (const key of ['Tab', 'Tab', 'ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
    await page.waitForURL('**/agents/translator')
    await page.getByText('No problems, says production').waitFor()
    await typeAtEnd(page, 'Answer in verse.')
    await page.keyboard.press('Control+S')
    await page.getByText('Saved as version 2').waitFor()
    const { content, changedBy } = await saved('translator')
    expect(content.instructions).toMatch(/^# Role[\s\S]*Answer in verse\.$/)
    expect(changedBy.name).toBe('editor')
    expect(studio.mistakes).toEqual([])
  })

  test('what is typed survives a reload, and leaving it is asked about', async () => {
    const page = await studio.open('/agents/helper', {}, studio.as.editor)
    await typeAtEnd(page, ' And more.')
    await page.reload()
    await page.getByText('What you typed earlier is still here.').waitFor()
    expect(await written(page).textContent()).toBe('You help. And more.')
    await page.getByRole('link', { name: 'Routes' }).click()
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor()
    await page.getByRole('button', { name: 'Discard and leave' }).click()
    await page.waitForURL('**/routes')
    await page.goto('/agents/helper')
    await written(page).waitFor()
    expect(await written(page).textContent()).toBe('You help.')
  })

  test('the runtime says at the field what is wrong while one types', async () => {
    const page = await studio.open('/agents/helper', {}, studio.as.editor)
    const model = page.getByRole('combobox', { name: 'Model' })
    await model.fill('nowhere/model')
    await page.getByText('1 problem', { exact: true }).waitFor()
    const said = await model.getAttribute('aria-describedby')
    expect(await page.locator(`[id="${said}"]`).textContent()).toMatch(/nowhere/)
    expect(await model.getAttribute('aria-invalid')).toBe('true')
  })

  test('the second of two editors is shown both versions, and nothing is overwritten', async () => {
    const page = await studio.open('/agents/poet', {}, studio.as.editor)
    await typeAtEnd(page, ' Short ones.')
    const theirs = { ...agent('poet', 'You write long poems.'), tools: ['time'] }
    await studio.api.ask('PUT', '/api/items/agent/poet', { base: 1, content: theirs })
    await page.keyboard.press('Control+S')
    const dialog = page.getByRole('dialog', { name: 'Somebody else was faster' })
    await dialog.getByText('Only Ann changed this').waitFor()
    await dialog.getByText('Both changed this').waitFor()
    expect(await findBarriers(page)).toEqual([])
    expect((await saved('poet')).content).toEqual(theirs)

    const save = dialog.getByRole('button', { name: 'Save this' })
    expect(await save.isDisabled()).toBe(true)
    await dialog.getByRole('group', { name: 'What to keep: Instructions' }).getByText('Yours').click()
    await save.click()
    await page.getByText('Saved as version 3').waitFor()
    expect((await saved('poet')).content).toEqual({ ...theirs, instructions: 'You write poems. Short ones.' })
  })

  test('what was merged by hand is still there after Escape', async () => {
    const long = 'A sentence that is long enough for both to be shown as texts side by side.'
    await studio.create('agent', 'merged', agent('merged', long))
    const page = await studio.open('/agents/merged', {}, studio.as.editor)
    await typeAtEnd(page, ' Mine.')
    await studio.api.ask('PUT', '/api/items/agent/merged', { base: 1, content: agent('merged', `${long} Theirs.`) })
    await page.getByRole('button', { name: 'Compare' }).click()
    const dialog = page.getByRole('dialog', { name: 'Somebody else was faster' })
    await dialog.getByText('Merge by hand').click()
    const hand = dialog.getByRole('textbox', { name: 'Instructions, merged' })
    await hand.focus()
    await page.keyboard.press('Control+End')
    await page.keyboard.type(' And theirs.')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Compare' }).click()
    await hand.getByText(`${long} Mine. And theirs.`).waitFor()
    await dialog.getByRole('button', { name: 'Save this' }).click()
    await page.getByText('Saved as version 3').waitFor()
    expect((await saved('merged')).content.instructions).toBe(`${long} Mine. And theirs.`)
  })

  test('what was chosen is chosen anew when somebody saves another version meanwhile', async () => {
    const save = (base: number, instructions: string) =>
      studio.api.ask('PUT', '/api/items/agent/thirds', { base, content: agent('thirds', instructions) })
    await studio.create('agent', 'thirds', agent('thirds', 'First.'))
    const page = await studio.open('/agents/thirds', {}, studio.as.editor)
    await typeAtEnd(page, ' Mine.')
    await save(1, 'Second.')
    await page.getByRole('button', { name: 'Compare' }).click()
    const dialog = page.getByRole('dialog', { name: 'Somebody else was faster' })
    await dialog.getByRole('group', { name: 'What to keep: Instructions' }).getByText('Yours').click()
    await dialog.getByText('Everything is chosen').waitFor()
    await save(2, 'Third.')
    await dialog.getByText('Third.').waitFor()
    await dialog.getByText('1 place to choose').waitFor()
    expect(await dialog.getByRole('button', { name: 'Save this' }).isDisabled()).toBe(true)
    expect((await saved('thirds')).content.instructions).toBe('Third.')
  })

  test('what somebody else saves is on the page that is open, without anybody asking', async () => {
    await studio.create('agent', 'heard', agent('heard', 'Listen.'))
    const page = await studio.open('/agents/heard', {}, studio.as.viewer)
    await page.getByText('Version 1 · Ann').waitFor()
    const content = agent('heard', 'Listen well.')
    await studio.api.ask('PUT', '/api/items/agent/heard', { base: 1, content })
    await page.getByText('Version 2 · Ann').waitFor()
    await written(page).getByText('Listen well.').waitFor()
  })

  test('where events do not reach, it comes within 20 s, and with the first event that does', async () => {
    await studio.create('agent', 'distant', agent('distant', 'First.'))
    const save = (base: number) =>
      studio.api.ask('PUT', '/api/items/agent/distant', { base, content: agent('distant', `After ${base}.`) })
    const page = await studio.open('/start', {}, studio.as.viewer)
    await page.clock.install()
    // As a proxy answers that takes no streams. A connection that is lost has ways of its own.
    await page.route('**/api/events*', (route) => route.fulfill({ status: 502 }))
    await Promise.all([page.waitForResponse('**/api/events*'), page.goto('/agents/distant')])
    await page.getByText('Version 1 · Ann').waitFor()
    await save(1)
    await page.clock.fastForward(20_000)
    await page.getByText('Version 2 · Ann').waitFor()

    await save(2)
    await page.unroute('**/api/events*')
    await page.clock.fastForward(10_000)
    await page.getByText('Version 3 · Ann').waitFor()
    const asked: string[] = []
    page.on('request', (request) => request.url().includes('/api/items/') && asked.push(request.url()))
    await page.clock.fastForward(60_000)
    await save(3)
    await page.getByText('Version 4 · Ann').waitFor()
    // Once, for the event.
    expect(asked.filter((url) => url.endsWith('/distant'))).toHaveLength(1)
    // The browser writes each answer of that proxy to its console.
    expect(studio.mistakes.filter((one) => !one.includes('status of 502'))).toEqual([])
    studio.mistakes.length = 0
  })

  test('what is too long is said in the language of the page, once it is typed and once it is refused', async () => {
    await studio.create('agent', 'long', agent('long', ''))
    const page = await studio.open('/agents/long', { language: 'zh' }, studio.as.editor)
    const instructions = page.getByRole('textbox', { name: '指令' })
    await instructions.evaluate((editor) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', 'A line of many.\n'.repeat(13_000))
      editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })
    await page.getByText('1 个问题').waitFor()
    await page.keyboard.press('Control+S')
    await page.getByRole('alert').getByText('个问题').waitFor()
    await page
      .getByText(/最多 200000 个字符/)
      .first()
      .waitFor()
    expect(await page.getByText('Too big').count()).toBe(0)
  })

  test('many saves at once have a list read again a few times', async () => {
    const page = await studio.open('/agents', {}, studio.as.viewer)
    await page.getByRole('link', { name: 'helper' }).waitFor()
    let asked = 0
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/api/items') asked++
    })
    const began = Date.now()
    for (let n = 0; n < 30; n++) await studio.create('agent', `crowd-${n}`, agent(`crowd-${n}`, 'One of many.'))
    await page.getByRole('link', { name: 'crowd-29' }).waitFor()
    expect(asked).toBeLessThanOrEqual((Date.now() - began) / 500 + 2)
  })

  test('are deleted with a word about what uses them, and restored', async () => {
    await studio.create('agent', 'gone', agent('gone', 'You are going.'))
    await studio.create('connector', 'line', { type: 'telegram', options: { token: { $secret: 'TOKEN' } } })
    await studio.create('route', 'line', { connector: 'line', agent: 'gone' })
    const page = await studio.open('/agents', {}, studio.as.editor)
    await page.getByRole('button', { name: 'More actions: gone' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByText('Routes › line').waitFor()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('gone was deleted').waitFor()
    await page.getByRole('switch', { name: 'Show deleted' }).click()
    await page.getByRole('button', { name: 'Restore: gone' }).click()
    await page.getByText('Nothing was deleted').waitFor()
    expect((await saved('gone')).deletedAt).toBeNull()
  })

  test('of a double click on what creates, one click counts', async () => {
    const page = await studio.open('/agents?create=true', {}, studio.as.editor)
    const sent: string[] = []
    page.on('request', (request) => request.method() === 'POST' && sent.push(new URL(request.url()).pathname))
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('twice')
    await page.getByRole('button', { name: 'Create', exact: true }).dblclick()
    await page.waitForURL('**/agents/twice')
    expect(sent.filter((path) => path === '/api/items')).toHaveLength(1)
  })

  test('what somebody saves after it was asked whether to delete is shown before it is deleted', async () => {
    await studio.create('agent', 'spared', agent('spared', 'First.'))
    const page = await studio.open('/agents/spared', {}, studio.as.editor)
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('alertdialog').waitFor()
    await studio.api.ask('PUT', '/api/items/agent/spared', { base: 1, content: agent('spared', 'Second.') })
    await page.getByText('Version 2 · Ann').waitFor()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByText('Ann has saved version 2 since you asked to delete version 1.').waitFor()
    await page.locator('ins').getByText('Second.').waitFor()
    expect(await findBarriers(page)).toEqual([])
    expect((await saved('spared')).deletedAt).toBeNull()
    await page.getByRole('button', { name: 'Delete version 2' }).click()
    await page.getByText('spared was deleted').waitFor()
    expect((await saved('spared')).deletedAt).not.toBeNull()
  })

  test('what is typed while something is being saved is kept, and saved on top of it', async () => {
    await studio.create('agent', 'hasty', agent('hasty', 'One.'))
    const page = await studio.open('/agents/hasty', {}, studio.as.editor)
    let letGo = (): void => {}
    const held = new Promise<void>((resolve) => (letGo = resolve))
    await page.route('**/api/items/agent/hasty', async (route) => {
      if (route.request().method() === 'PUT') await held
      await route.continue()
    })
    await typeAtEnd(page, ' Two.')
    await page.getByRole('textbox', { name: 'Reason for this change (optional)' }).fill('Two belong together')
    await Promise.all([page.waitForRequest((request) => request.method() === 'PUT'), page.keyboard.press('Control+S')])
    await typeAtEnd(page, ' Three.')
    // What was typed last is written down by then.
    await page.waitForFunction(() => JSON.stringify(localStorage).includes('Three.'))
    letGo()
    await page.getByText('Saved as version 2').waitFor()
    expect(await written(page).textContent()).toBe('One. Two. Three.')
    await page.reload()
    await page.getByText('What you typed earlier is still here.').waitFor()
    await page.keyboard.press('Control+S')
    await page.getByText('Saved as version 3').waitFor()
    const { data } = (await studio.api.ask('GET', '/api/items/agent/hasty/versions')).body
    expect(data.map(({ reason }: { reason: string | null }) => reason)).toEqual([null, 'Two belong together', null])
    expect((await saved('hasty')).content.instructions).toBe('One. Two. Three.')
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('hasty')
  })

  test('an answer that breaks off is told as that, and not as one of another Studio', async () => {
    await studio.create('agent', 'cut', agent('cut', 'Whole.'))
    const page = await studio.open('/agents/cut', {}, studio.as.editor)
    const cutting = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 })
      response.write('{"kind":', () => setTimeout(() => response.destroy(), 100))
    })
    await new Promise<void>((resolve) => cutting.listen(0, '127.0.0.1', resolve))
    const { port } = cutting.address() as AddressInfo
    await page.route('**/api/items/agent/cut', (route) =>
      route.request().method() === 'PUT' ? route.continue({ url: `http://127.0.0.1:${port}/` }) : route.continue(),
    )
    await typeAtEnd(page, ' Or not.')
    await page.keyboard.press('Control+S')
    await page.getByText('The connection broke off in the middle of the answer.').waitFor()
    await page.unroute('**/api/items/agent/cut')
    await page.keyboard.press('Control+S')
    await page.getByText('Saved as version 2').waitFor()
    cutting.close()
    // The browser writes down that it was cut, and nothing of ours is beside that.
    expect(studio.mistakes.splice(0).filter((one) => !/ERR_CONTENT_LENGTH_MISMATCH/.test(one))).toEqual([])
  })

  test('a new name takes along what is typed', async () => {
    await studio.create('agent', 'before', agent('before', 'Named.'))
    const page = await studio.open('/agents/before', {}, studio.as.editor)
    await typeAtEnd(page, ' And typed.')
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('after')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/agents/after')
    // What was typed is on the page before, too.
    await page.getByRole('heading', { name: 'after', level: 1 }).waitFor()
    await written(page).getByText('Named. And typed.').waitFor()
    await page.keyboard.press('Control+S')
    await page.getByText('Saved as version 2').waitFor()
    expect((await saved('after')).content).toMatchObject({ name: 'after', instructions: 'Named. And typed.' })
  })

  test('a new name that is given in the list takes along what is typed', async () => {
    await studio.create('agent', 'listed', agent('listed', 'Listed.'))
    const page = await studio.open('/agents/listed', {}, studio.as.editor)
    await typeAtEnd(page, ' And typed.')
    await page.getByRole('link', { name: 'Agents' }).first().click()
    await page.getByRole('button', { name: 'Leave and keep' }).click()
    // The page that is left has actions of the same name.
    await page.getByRole('heading', { name: 'Agents', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'More actions: listed' }).click()
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('called')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'called', exact: true }).click()
    await written(page).getByText('Listed. And typed.').waitFor()
    await page.keyboard.press('Control+S')
    await page.getByText('Saved as version 2').waitFor()
    expect((await saved('called')).content).toMatchObject({ name: 'called', instructions: 'Listed. And typed.' })
  })

  test('what somebody saved before a new name was given is compared, and nobody is said to have begun with it', async () => {
    await studio.create('agent', 'raced', agent('raced', 'First.'))
    const page = await studio.open('/agents/raced', {}, studio.as.editor)
    await typeAtEnd(page, ' Mine.')
    await studio.api.ask('PUT', '/api/items/agent/raced', { base: 1, content: agent('raced', 'Theirs.') })
    await page.getByText('Ann saved version 2 while you were editing.').waitFor()
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('won')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/agents/won')
    await page.getByText('Somebody saved it while you were editing, before it was renamed.', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.getByText('which version you began with is not known any more').waitFor()
    expect(await page.getByRole('button', { name: 'Save this' }).isDisabled()).toBe(true)
    await page.locator('label').getByText('Yours').click()
    await page.getByRole('button', { name: 'Save this' }).click()
    await page.getByText('Saved as version 2').waitFor()
    expect((await saved('won')).content).toMatchObject({ name: 'won', instructions: 'First. Mine.' })
    expect(asked).not.toContain('/api/items/agent/won/versions/0')
  })

  test('what is deleted while one types is said, and saved once it is restored', async () => {
    await studio.create('agent', 'lost', agent('lost', 'Lost.'))
    const page = await studio.open('/agents/lost', {}, studio.as.editor)
    await typeAtEnd(page, ' And found.')
    await studio.api.ask('DELETE', '/api/items/agent/lost?base=1')
    await page.getByText('It was deleted while you were editing.').waitFor()
    expect(await page.getByRole('button', { name: /^Save/ }).isDisabled()).toBe(true)
    expect(await page.getByText('saved version 2 while you were editing').count()).toBe(0)
    await page.getByRole('button', { name: 'Restore', exact: true }).click()
    await page.getByText('lost is back').waitFor()
    await page.keyboard.press('Control+S')
    await page.getByRole('button', { name: 'Save this' }).click()
    await page.getByText('Saved as version 4').waitFor()
    expect((await saved('lost')).content.instructions).toBe('Lost. And found.')
  })

  test('what hides in a text is seen', async () => {
    await studio.create('agent', 'spoof', agent('spoof', 'Say \u202eon\u202c to all.\u200b'))
    const page = await studio.open('/agents/spoof', {}, studio.as.viewer)
    await page.locator('.cm-specialChar').nth(2).waitFor()
    expect(await page.locator('.cm-specialChar').count()).toBe(3)
  })

  test('something else that has the same name is a way out that is asked about', async () => {
    await studio.create('agent', 'same', agent('same', 'One of two.'))
    await studio.create('connector', 'same', { type: 'telegram', options: { token: { $secret: 'TOKEN' } } })
    const page = await studio.open('/connectors/same', {}, studio.as.editor)
    await page.getByRole('link', { name: 'Agents' }).click()
    await page.getByRole('link', { name: 'same', exact: true }).click()
    await written(page).focus()
    await page.keyboard.type('Typed. ')
    await page.evaluate(() => history.go(-2))
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor()
  })

  test('who is signed out while they type signs in and has it again, and nobody else has it', async () => {
    await studio.create('agent', 'mine', agent('mine', 'Mine.'))
    const page = await studio.open('/agents/mine', {}, studio.as.editor)
    await typeAtEnd(page, ' Not yet said.')
    const enter = async ({ login, password }: typeof studio.as.editor) => {
      await page.locator('input[type=password]').fill(password)
      await page.locator('input[autocomplete=username]').fill(login)
      await page.keyboard.press('Enter')
      await page.waitForURL('**/agents/mine')
      await written(page).waitFor()
    }
    await page.context().clearCookies()
    await page.keyboard.press('Control+S')
    await page.waitForURL('**/sign-in**')
    await enter(studio.as.admin)
    expect(await written(page).textContent()).toBe('Mine.')
    await page.context().clearCookies()
    await page.goto('/agents/mine')
    await enter(studio.as.editor)
    expect(await written(page).textContent()).toBe('Mine. Not yet said.')
  })

  test('who signs in in another window is signed in in this one too, and saves nothing that somebody else typed', async () => {
    await studio.create('agent', 'shared', agent('shared', 'Shared.'))
    const page = await studio.open('/agents/shared', {}, studio.as.editor)
    await typeAtEnd(page, ' By the editor.')
    const other = await page.context().newPage()
    await other.goto('/sign-in')
    await other.locator('input[autocomplete=username]').fill(studio.as.admin.login)
    await other.locator('input[type=password]').fill(studio.as.admin.password)
    await other.keyboard.press('Enter')
    await other.getByRole('button', { name: /Ann/ }).waitFor()
    await page.getByRole('button', { name: /Ann/ }).waitFor()
    await written(page).waitFor()
    expect(await written(page).textContent()).toBe('Shared.')
    await page.keyboard.press('Control+S')

    await other.goto('/sign-in')
    await other.locator('input[autocomplete=username]').fill(studio.as.editor.login)
    await other.locator('input[type=password]').fill(studio.as.editor.password)
    await other.keyboard.press('Enter')
    await written(page).getByText('Shared. By the editor.').waitFor()
    expect((await saved('shared')).version).toBe(1)
  })

  test('a version is compared with another and brought back as a new one', async () => {
    await studio.create('agent', 'old', agent('old', 'First.'))
    for (const base of [1, 2]) {
      const content = agent('old', `Version ${base + 1}.`)
      await studio.api.ask('PUT', '/api/items/agent/old', { base, content, reason: `reason ${base}` })
    }
    const page = await studio.open('/agents/old?view=history&to=1', {}, studio.as.editor)
    await page.getByText('reason 2').waitFor()
    await page.getByRole('heading', { name: 'Version 1' }).waitFor()
    await page.getByRole('button', { name: 'Restore this version' }).click()
    await page.getByText('Version 1 is back, as version 4').waitFor()
    expect((await saved('old')).content.instructions).toBe('First.')
    await page.goto('/agents/old?view=history&from=2&to=3')
    await page.locator('del').getByText('Version 2.').waitFor()
    await page.locator('ins').getByText('Version 3.').waitFor()
    await page.goto('/agents/old?view=history&from=2&to=99')
    await page.getByText('There is no version 99.').waitFor()
  })

  test('a viewer reads everything, and is offered nothing that would be refused', async () => {
    const page = await studio.open('/agents', {}, studio.as.viewer)
    await page.getByRole('link', { name: 'helper' }).waitFor()
    expect(await page.getByRole('button', { name: /New agent|More actions/ }).count()).toBe(0)
    await page.getByRole('link', { name: 'helper' }).click()
    await written(page).waitFor()
    expect(await written(page).getAttribute('aria-readonly')).toBe('true')
    expect(await page.getByRole('combobox', { name: 'Model' }).isDisabled()).toBe(true)
    expect(await page.getByRole('button', { name: /Save|More actions|Add fallback/ }).count()).toBe(0)
    expect(studio.mistakes).toEqual([])
  })
})

function agent(name: string, instructions: string) {
  return { name, model: 'main/fake-model', instructions }
}
