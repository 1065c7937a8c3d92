import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { passwordOf } from '../../src/browser.fixture.ts'
import { describeInBrowser } from '../chromium.ts'
import { shoot, shootWhenAsked } from '../studio-page.fixture.ts'
import { applied, type Settled, settle, shop } from './settled.fixture.ts'
import { ada, signInByForm, writeOnTelegram } from './steps.fixture.ts'
import { openTown, type Town } from './town.fixture.ts'

/** What goes wrong around Studio, with the runtime and Studio as processes that can be killed. */
describeInBrowser('in hard times', { timeout: 90_000 }, () => {
  let town: Town
  let settled: Settled
  let page: Page
  beforeAll(async () => {
    // The answer tells which instructions were in force.
    town = await openTown(({ messages }) => ({ text: `As told: ${String(messages[0]?.content)}` }))
    settled = await settle(town)
    page = await town.open(settled.studio.url)
    await signInByForm(page, ada)
  }, 120_000)
  afterAll(() => town?.close())
  beforeEach(({ onTestFailed }) => onTestFailed(() => shoot(page, 'hard-times-failed')))

  const revisions = async (): Promise<number> => JSON.parse(await town.asyncv('releases', 'list', '--json')).data.length
  const answer = (instructions: string) =>
    writeOnTelegram(town, 'Hello?', (said) => said === `As told: ${instructions}`)
  const stateShown = (state: string) =>
    page.getByRole('list', { name: 'Runtimes' }).getByText(state, { exact: true }).waitFor({ timeout: 40_000 })
  const publish = async (summary: string): Promise<void> => {
    await page.goto(`${settled.studio.url}/releases/changes`)
    await page.getByLabel('Summary').fill(summary)
    await page.getByRole('button', { name: /^Publish \d+ changes?$/ }).click()
  }

  test('of two people who edit at once the second is shown both, and nothing is lost', async () => {
    const other = await town.open(settled.studio.url)
    await signInByForm(other, { login: 'bob', password: passwordOf('bob') })
    for (const [window, words] of [
      [page, ' Says Ada.'],
      [other, ' Says Bob.'],
    ] as const) {
      await window.goto(`${settled.studio.url}/agents/shop`)
      await window.getByRole('textbox', { name: 'Instructions' }).click()
      await window.keyboard.press('Control+End')
      await window.keyboard.type(words)
    }
    await page.getByRole('button', { name: /^Save/ }).click()
    await page.getByText('Saved as version 2').waitFor()
    await other.getByRole('button', { name: /^Save/ }).click()
    const dialog = other.getByRole('dialog', { name: 'Somebody else was faster' })
    await dialog.getByText('Both changed this').waitFor()
    await shootWhenAsked(other, 'hard-times-conflict')
    const { content } = (await settled.api.ask('GET', '/api/items/agent/shop')).body
    expect(content.instructions).toBe('You are kind. Says Ada.')
    await dialog.getByRole('group', { name: 'What to keep: Instructions' }).getByText('Yours').click()
    await dialog.getByRole('button', { name: 'Save this' }).click()
    await other.getByText('Saved as version 3').waitFor()
    const versions = (await settled.api.ask('GET', '/api/items/agent/shop/versions')).body.data
    expect(versions.map((one: { n: number }) => one.n)).toEqual([3, 2, 1])
  })

  test('while the runtime is down a release waits; back, it refuses it at the field, and takes the mended one', async () => {
    await settled.save(shop('You are kind.', { tools: ['no-such-tool'] }))
    await settled.runtime.kill()
    await publish('With a tool')
    await stateShown('Pending')
    settled.runtime = await town.startRuntime()
    await stateShown('Refused')
    const targets = page.getByRole('list', { name: 'Runtimes' })
    await targets.getByText(/no-such-tool/).waitFor()
    await shootWhenAsked(page, 'hard-times-refused')
    await targets.getByRole('link', { name: 'Agent shop' }).click()
    await page.waitForURL('**/agents/shop*')
    await settled.save(shop('You are mended.'))
    await publish('Without it')
    await stateShown('Applied')
    expect(await answer('You are mended.')).toBe('As told: You are mended.')
  })

  test.each([
    ['before the runtime has read it', { frozen: true, afterMs: 300 }],
    ['as soon as it was asked for', { frozen: false, afterMs: 0 }],
    ['a moment later', { frozen: false, afterMs: 60 }],
  ])(
    'Studio killed while it publishes, %s: the release arrives once or not at all',
    async (name, { frozen, afterMs }) => {
      const before = await revisions()
      const { n: last } = (await settled.api.ask('GET', '/api/releases')).body.data[0]
      await settled.save(shop(`You are new: ${name}.`))
      await page.goto(`${settled.studio.url}/releases/changes`)
      await page.getByText('No runtime would refuse this').waitFor()
      await page.getByLabel('Summary').fill(name)
      if (frozen) settled.runtime.child.kill('SIGSTOP')
      await page.getByRole('button', { name: 'Publish 1 change' }).click({ noWaitAfter: true })
      await sleep(afterMs)
      await settled.studio.kill()
      settled.runtime.child.kill('SIGCONT')
      settled.studio = await town.startStudio()
      const { n } = (await settled.api.ask('GET', '/api/releases')).body.data[0]
      if (n > last) {
        await applied(settled.api, n)
        expect(await revisions()).toBe(before + 1)
        await answer(`You are new: ${name}.`)
      } else {
        await sleep(500)
        expect(await revisions()).toBe(before)
      }
    },
    90_000,
  )

  test('with Studio gone for good, data and all, the runtime answers on, also after a restart', async () => {
    await settled.save(shop('You are on your own.'))
    await publish('The last')
    await stateShown('Applied')
    await settled.studio.kill()
    for (const file of ['studio.db', 'studio.db-wal', 'studio.db-shm', 'studio.key']) {
      rmSync(join(town.place.folder, '.asyncv', file), { force: true })
    }
    await answer('You are on your own.')
    await settled.runtime.kill()
    settled.runtime = await town.startRuntime()
    await answer('You are on your own.')
  })

  test('nothing went wrong in the console', () => {
    expect(town.mistakes).toEqual([])
  })
})
