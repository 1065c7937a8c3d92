import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openai } from '@asyncv/openai'
import { ann, openDesk } from '../src/releases/desk.fixture.ts'
import { openRuntime } from '../src/releases/runtime.fixture.ts'
import { describeInBrowser } from './chromium.ts'
import { openWorkplace, type Workplace } from './runtime.fixture.ts'
import { findBarriers, shootWhenAsked } from './studio-page.fixture.ts'

const agent = (name: string, instructions: string, more: object = {}) => ({
  ...{ name, model: 'main/fake-model', instructions },
  ...more,
})

describeInBrowser('releases', { timeout: 60_000 }, () => {
  let studio: Workplace
  beforeAll(async () => {
    studio = await openWorkplace({ options: { lookEveryMs: 200 } })
    await studio.create('agent', 'helper', agent('helper', 'You help.'))
  }, 60_000)
  afterAll(() => studio?.close())

  const inForce = async () => (await studio.asyncv.releases.state()).current
  const running = async (name: string) =>
    (await inForce())?.document.agents?.find((one) => one.name === name)?.instructions
  const save = async (name: string, content: object): Promise<void> => {
    const path = `/api/items/agent/${name}`
    const { body } = await studio.api.ask('GET', path)
    const saved = await studio.api.ask('PUT', path, { base: body.version, content })
    if (saved.status !== 200) throw new Error(JSON.stringify(saved.body))
  }
  const publish = async (summary: string): Promise<number> => {
    const { status, body } = await studio.api.ask('POST', '/api/releases', { items: 'all', summary })
    if (status !== 201) throw new Error(JSON.stringify(body))
    return body.release.n
  }
  const stateShown = (page: Page, state: string) =>
    page.getByRole('list', { name: 'Runtimes' }).getByText(state, { exact: true }).waitFor()

  test('an agent is edited and published by keyboard alone', async () => {
    const page = await studio.open('/agents/helper', {}, studio.as.operator)
    const text = page.getByRole('textbox', { name: 'Instructions' })
    await text.focus()
    await page.keyboard.press('Control+End')
    await page.keyboard.type(' Gladly.')
    await page.keyboard.press('Control+S')
    await page.getByText('Saved as version 2').waitFor()
    await page.getByText('1 unpublished change').waitFor()
    await page.keyboard.press('Control+K')
    await page.getByPlaceholder('Go to a page or do something…').waitFor()
    await page.keyboard.type('review ch')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Unpublished changes', level: 1 }).waitFor()
    await page.getByText('No runtime would refuse this').waitFor()
    await page.keyboard.press('p')
    await page.keyboard.type('The first helper')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('heading', { name: 'Release 1', level: 1 }).waitFor()
    await stateShown(page, 'Applied')
    expect(await running('helper')).toBe('You help. Gladly.')
    await page.getByText('1 unpublished change').waitFor({ state: 'detached' })
    await page.goBack()
    await page.getByRole('main').getByRole('link', { name: 'Release 1' }).waitFor()
    expect(studio.mistakes).toEqual([])
  })

  test('one of several changes is published, and the rest waits', async () => {
    await studio.create('agent', 'poet', agent('poet', 'You write poems.'))
    await save('helper', agent('helper', 'You help at once.'))
    const page = await studio.open('/releases', {}, studio.as.operator)
    await page.getByRole('link', { name: 'Review changes 2' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await page.getByRole('checkbox', { name: 'Publish poet' }).click()
    await page.getByLabel('Summary').fill('Helper alone')
    // Kept over a reload, with what was left out.
    await page.waitForTimeout(400)
    await page.reload()
    expect(await page.getByLabel('Summary').inputValue()).toBe('Helper alone')
    await page.getByRole('button', { name: 'Publish 1 change' }).click()
    await page.getByRole('heading', { name: 'Release 2', level: 1 }).waitFor()
    await stateShown(page, 'Applied')
    await page.locator('ins').getByText('You help at once.').waitFor()
    expect(await running('helper')).toBe('You help at once.')
    expect(await running('poet')).toBeUndefined()
  })

  test('what a runtime would refuse is shown at the item and its field before it is published', async () => {
    await save('poet', agent('poet', 'You write poems.', { tools: ['no-such-tool'] }))
    const page = await studio.open('/releases/changes', {}, studio.as.operator)
    await page.getByText('production would refuse this').waitFor()
    const form = page.getByRole('form', { name: 'Publish' })
    await form.getByText(/no-such-tool/).waitFor()
    expect(await form.getByRole('link', { name: 'Agent poet' }).getAttribute('href')).toMatch(/^\/agents\/poet/)
    expect(await form.getByRole('button', { name: 'Publish 1 change' }).isDisabled()).toBe(true)
    await form.getByRole('link', { name: 'Agent poet' }).click()
    await page.waitForURL('**/agents/poet*')
    // While the runtime is away, this page would ask for what it knows.
    await page.close()
  })

  test('a runtime that is down has it pending and says why, and refuses it at the field when it is back', async () => {
    await studio.lose()
    const page = await studio.open('/releases/changes', {}, studio.as.operator)
    await page.getByText('production: no answer. It gets the release when it is back.').waitFor()
    expect(await page.getByText('No runtime would refuse this').count()).toBe(0)
    await page.getByLabel('Summary').fill('Nobody could ask')
    await page.getByRole('button', { name: 'Publish 1 change' }).click()
    await page.getByRole('heading', { name: 'Release 3', level: 1 }).waitFor()
    await stateShown(page, 'Pending')
    await page.getByText('It does not answer.').waitFor()
    await studio.bringBack()
    await stateShown(page, 'Refused')
    const targets = page.getByRole('list', { name: 'Runtimes' })
    await targets.getByText(/no-such-tool/).waitFor()
    await targets.getByText('Tools', { exact: false }).first().waitFor()
    await targets.getByRole('link', { name: 'Agent poet' }).waitFor()
    expect((await inForce())?.revision).toBe(2)
  })

  test('a runtime that was away is pending, then has it, on the page that is open', async () => {
    await save('poet', agent('poet', 'You write long poems.'))
    await studio.lose()
    const n = await publish('While it is away')
    const page = await studio.open(`/releases/${n}`, {}, studio.as.viewer)
    await stateShown(page, 'Pending')
    await studio.bringBack()
    await stateShown(page, 'Applied')
    expect(await running('poet')).toBe('You write long poems.')
  })

  test('a roll-back tells what changes and what it lays aside, and is on the runtime afterwards', async () => {
    await save('helper', agent('helper', 'Nobody saw this.'))
    const page = await studio.open('/releases/1', {}, studio.as.operator)
    await page.getByRole('button', { name: 'Roll back to this' }).click()
    const dialog = page.getByRole('dialog', { name: 'Roll back to release 1?' })
    await dialog.getByText('1 unpublished version is laid aside').waitFor()
    await dialog.getByText('Agent helper, version 4').waitFor()
    await dialog.locator('ins').getByText('You help. Gladly.').waitFor()
    await dialog.getByRole('button', { name: 'Roll back', exact: true }).click()
    await page.getByRole('heading', { name: 'Release 5', level: 1 }).waitFor()
    await stateShown(page, 'Applied')
    await page.getByRole('link', { name: 'Back to release 1', exact: true }).waitFor()
    expect(await running('helper')).toBe('You help. Gladly.')
    expect(await running('poet')).toBeUndefined()
  })

  test('a drifted runtime is shown as such; what it has is taken over, and published without force', async () => {
    const other = await openDesk(':memory:')
    studio.trust.add(other.identity.shown.publisher, other.identity.shown.publicKey, 1)
    const page = await studio.open('/releases/5', {}, studio.as.operator)
    await stateShown(page, 'Applied')
    const { body } = await studio.api.ask('GET', '/api/runtimes')
    const { key } = await studio.asyncv.keys.create({ name: 'other', scopes: ['configure'], space: '*' })
    await other.connect('same', body.data[0].managementUrl, key)
    await other.save('agent', 'theirs', agent('theirs', 'You are theirs.'))
    await other.releases.publish({ items: 'all', summary: 'Theirs' }, ann)
    await stateShown(page, 'Drifted')
    await page.getByText(new RegExp(`published by ${other.identity.shown.publisher}`)).waitFor()
    await shootWhenAsked(page, 'release-drifted-light-en-1280')
    expect(await findBarriers(page)).toEqual([])
    await other.close()

    await page.getByRole('button', { name: 'Publish over it' }).click()
    const question = page.getByRole('alertdialog', { name: 'Publish over what production has?' })
    await question.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Take over what it has' }).click()
    const dialog = page.getByRole('dialog', { name: 'Take over what production runs' })
    await dialog.getByText('theirs').first().waitFor()
    await dialog.getByRole('button', { name: 'Take over what it has' }).click()
    await page.getByRole('heading', { name: 'Unpublished changes', level: 1 }).waitFor()
    await page.getByText('has something that this Studio did not publish').waitFor()
    await page.getByLabel('Summary').fill('What ran there')
    await page.getByRole('button', { name: /^Publish \d+ changes?$/ }).click()
    await page.getByRole('heading', { name: 'Release 6', level: 1 }).waitFor()
    await stateShown(page, 'Applied')
    expect(await running('theirs')).toBe('You are theirs.')
  })

  test('of two runtimes the chosen one has it; what somebody else put there is published over once that is confirmed', async () => {
    const other = await openDesk(':memory:')
    const { body: identity } = await studio.api.ask('GET', '/api/identity')
    const providers = { main: openai({ baseURL: studio.model.url }) }
    const second = await openRuntime([identity, other.identity.shown], { providers })
    const place = { url: second.url, managementUrl: second.managementUrl, key: second.key }
    await studio.api.ask('POST', '/api/runtimes', { name: 'second', ...place })
    const onSecond = async () =>
      (await second.asyncv.releases.state()).current?.document.agents?.map(({ name }) => name)
    await studio.create('agent', 'chosen', agent('chosen', 'You are for one.'))

    const page = await studio.open('/releases/changes', {}, studio.as.operator)
    const form = page.getByRole('form', { name: 'Publish' })
    await form.getByRole('checkbox', { name: 'production' }).click()
    await form.getByText('No runtime would refuse this').waitFor()
    await form.getByLabel('Summary').fill('For one alone')
    await form.getByRole('button', { name: 'Publish 1 change' }).click()
    await stateShown(page, 'Applied')
    await stateShown(page, 'Not sent')
    expect(await onSecond()).toContain('chosen')
    expect(await running('chosen')).toBeUndefined()

    await other.connect('same', second.managementUrl, second.key)
    await other.save('agent', 'theirs', agent('theirs', 'You are theirs.'))
    await other.releases.publish({ items: 'all', summary: 'Theirs', force: true }, ann)
    await stateShown(page, 'Drifted')
    expect(await onSecond()).toEqual(['theirs'])
    await page.getByRole('button', { name: 'Publish over it' }).click()
    const question = page.getByRole('alertdialog', { name: 'Publish over what second has?' })
    await question.getByRole('button', { name: 'Publish over it' }).click()
    await stateShown(page, 'Applied')
    expect(await onSecond()).toContain('chosen')

    await other.save('agent', 'theirs', agent('theirs', 'You are theirs again.'))
    await other.releases.publish({ items: 'all', summary: 'Theirs again', force: true }, ann)
    await stateShown(page, 'Drifted')
    await save('chosen', agent('chosen', 'You are for both.'))
    await page.goto('/releases/changes')
    await form.getByLabel('Summary').fill('For both')
    // Both again, and over what is there.
    if (!(await form.getByRole('checkbox', { name: 'production' }).isChecked())) {
      await form.getByRole('checkbox', { name: 'production' }).click()
    }
    await form.getByRole('checkbox', { name: /^Publish over/ }).click()
    await form.getByText('No runtime would refuse this').waitFor()
    await form.getByRole('button', { name: 'Publish 1 change' }).click()
    await page.getByRole('heading', { level: 1, name: 'Release 8' }).waitFor()
    await expect.poll(() => page.getByRole('list', { name: 'Runtimes' }).getByText('Applied').count()).toBe(2)
    expect(await running('chosen')).toBe('You are for both.')
    expect(await onSecond()).toContain('chosen')
    const { body: log } = await studio.api.ask('GET', '/api/audit?action=release.forced')
    expect(log.data.length).toBeGreaterThan(0)
    await Promise.all([other.close(), second.stop()])
  })

  test('a file is shown before it is imported, and what is wrong in it at its place', async () => {
    const page = await studio.open('/releases', {}, studio.as.editor)
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Import a file' }).click()
    const dialog = page.getByRole('dialog', { name: 'Import a file' })
    const give = (text: string) =>
      dialog.getByLabel('File', { exact: true }).setInputFiles({
        name: 'asyncv.release.json',
        mimeType: 'application/json',
        buffer: Buffer.from(text),
      })
    await give('no JSON')
    await dialog.getByText('This is not JSON that can be read.').waitFor()
    await give(JSON.stringify({ agents: [{ name: 'x' }] }))
    await dialog.getByText('/agents/0/model').first().waitFor()
    await give(JSON.stringify({ agents: [agent('imported', 'From a file.')] }))
    await dialog.getByText('imported').waitFor()
    expect((await studio.api.ask('GET', '/api/items/agent/imported')).status).toBe(404)
    expect(await findBarriers(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Import 1 change' }).click()
    await page.getByRole('heading', { name: 'Unpublished changes', level: 1 }).waitFor()
    await page.getByRole('link', { name: 'Agent imported' }).waitFor()
    await page.getByText('Publishing takes the role of an operator.').waitFor()
    expect(await page.getByRole('form', { name: 'Publish' }).count()).toBe(0)
  })

  test('any two releases are compared, in either direction', async () => {
    const page = await studio.open('/releases/compare?from=1&to=2', {}, studio.as.viewer)
    await page.locator('ins').getByText('You help at once.').waitFor()
    await page.getByRole('button', { name: 'Swap' }).click()
    await page.locator('del').getByText('You help at once.').waitFor()
    expect(page.url()).toMatch(/from=2&to=1/)
  })

  test('a viewer sees everything and is offered nothing', async () => {
    const page = await studio.open('/releases', {}, studio.as.viewer)
    await page.getByRole('link', { name: '6', exact: true }).waitFor()
    expect(await page.getByRole('button', { name: /More actions|Import|Take over/ }).count()).toBe(0)
    await page.getByRole('link', { name: '2', exact: true }).click()
    await stateShown(page, 'Replaced')
    expect(await page.getByRole('link', { name: 'Export' }).count()).toBe(1)
    expect(await page.getByRole('button', { name: /Roll back|Send|Publish over/ }).count()).toBe(0)
    await page.goto('/releases/999')
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  })

  test('nothing went wrong in the console, and the content security policy stopped nothing', () => {
    expect(studio.mistakes).toEqual([])
  })
})
