import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ChatRequest, Reply } from '@asyncv/openai/testing'
import { describeInBrowser } from './chromium.ts'
import { openWorkplace, type Workplace } from './runtime.fixture.ts'
import { findBarriers, shootWhenAsked } from './studio-page.fixture.ts'

/** Written by a model, a person, or a tool: it is shown, and does nothing. */
const hostile = '<img src=x onerror="document.title=`pwned`"><script>document.title=`pwned`</script>'

const markdown = [
  '## The plan',
  'Three steps, and **one** rule:',
  '1. Read [the guide](https://example.com/guide)',
  '2. Run `npm test`',
  '3. Look at [this](javascript:alert(1)) and ![a picture](https://example.com/x.png)',
  '',
  '| model | tokens |\n| --- | ---: |\n| small | 12 |\n| large | 240 |',
  '',
  '```ts\nconst answer = 6 * 7\n```',
  '',
  hostile,
].join('\n')

/** What a person says decides what the model does. */
function reply({ messages }: ChatRequest): Reply {
  const last = messages.at(-1)
  const said = String(messages.findLast(({ role }) => role === 'user')?.content)
  if (said.includes('sum') && last?.role !== 'tool') {
    return { text: '', toolCalls: [{ name: 'calculator', args: { expression: '6 * 7' } }] }
  }
  if (said.includes('sum')) return { text: 'It is **42**.' }
  if (said.includes('break')) return { status: 400, body: { error: { message: 'No such thing.' } } }
  if (said.startsWith('Why?')) return { text: 'Because.' }
  if (said.includes('slow')) return { chunks: ['Slow', 'ly', ' it', ' comes'], chunkDelayMs: 60_000 }
  if (said.includes('plan')) return { text: markdown, reasoning: 'First I think.' }
  const users = messages.filter(({ role }) => role === 'user').length
  return { text: `Answer ${users} to: ${said}` }
}

describeInBrowser('the playground', () => {
  let studio: Workplace
  beforeAll(async () => {
    studio = await openWorkplace({
      reply,
      runtime: {
        agents: [{ name: 'assistant', model: 'main/fake-model', tools: ['calculator'] }],
        prices: { 'main/fake-model': { input: 1_000, output: 2_000 } },
      },
    })
    await studio.create('agent', 'poet', { name: 'poet', model: 'main/large-model', instructions: 'You write poems.' })
    await studio.create('agent', 'broken', { name: 'broken', model: 'nowhere/model' })
  }, 60_000)
  afterAll(() => studio?.close())

  const open = (path = '/playground', looks = {}) => studio.open(path, looks, studio.as.editor)
  const field = (page: Page) => page.getByRole('textbox', { name: 'Message' })
  async function say(page: Page, text: string): Promise<void> {
    await field(page).fill(text)
    await page.keyboard.press('Enter')
  }

  test('an agent answers, with its tools, tokens, cost and its own time beside it', async () => {
    const page = await open()
    await say(page, 'The sum, please')
    await page.getByText('42', { exact: true }).waitFor()
    await page.getByText('calculator', { exact: true }).first().click()
    await page.getByText('6 * 7 = 42').waitFor()
    const figures = page.getByRole('complementary', { name: 'Details of this answer' })
    await figures.getByText('main/fake-model').first().waitFor()
    const [task] = (await studio.asyncv.tasks({ limit: 1 })).data
    const { inputTokens, outputTokens } = task!.usage
    const cost = (inputTokens * 1_000 + outputTokens * 2_000) / 1_000_000
    // Those of the answer: the conversation's are beside them, and say the same of a first one.
    const text = await figures.locator('section').filter({ hasText: 'Own time' }).innerText()
    expect(text).toContain(`${inputTokens} in, ${outputTokens} out`)
    expect(text).toContain(new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 }).format(cost))
    expect(text).toMatch(/Own time\s+\d+ ms/)
    await shootWhenAsked(page, 'playground-light-en-1280')
    expect(await findBarriers(page)).toEqual([])
  })

  test('the answer to a question that is longer than the window is in view', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'New conversation' }).click()
    for (const at of [0, 1]) {
      await say(page, 'Why? '.repeat(1_500))
      const answer = page.getByText('Because.', { exact: true }).nth(at)
      await answer.waitFor()
      await expect.poll(async () => (await answer.boundingBox())?.y).toBeGreaterThan(0)
      expect((await answer.boundingBox())?.y).toBeLessThan(800)
    }
  })

  test('the model’s Markdown is drawn, and what is hostile in it or in a question is text', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'New conversation' }).click()
    await say(page, `The plan ${hostile}`)
    await page.getByRole('cell', { name: '240' }).waitFor()
    const answer = page.getByRole('article').last()
    expect(await answer.getByRole('link', { name: 'the guide' }).getAttribute('rel')).toContain('noopener')
    expect(await answer.locator('img, script, [onerror]').count()).toBe(0)
    expect(await answer.getByRole('link', { name: 'this' }).count()).toBe(0)
    expect(await answer.innerText()).toContain('onerror="document.title')
    expect(await page.title()).toBe('Playground · Studio')
    await answer.getByText('Reasoning').click()
    await answer.getByText('First I think.').waitFor()
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    await shootWhenAsked(page, 'playground-markdown-dark-en-1280')
    expect(await findBarriers(page)).toEqual([])
  })

  test('an answer is stopped by Escape, its task with it, and what was said survives a reload', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'New conversation' }).click()
    await say(page, 'Be slow')
    await page.getByText('Slow', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('Stopped').waitFor()
    await expect.poll(async () => (await studio.asyncv.tasks({ limit: 1 })).data[0]?.state).toBe('cancelled')
    await field(page).fill('Not sent yet')
    await page.reload()
    await page.getByText('Be slow').waitFor()
    expect(await field(page).inputValue()).toBe('Not sent yet')
  })

  test('a draft answers as it is saved, with what was said before, and is asked anew in place of an answer', async () => {
    const page = await open('/playground?source=draft&agent=poet')
    await say(page, 'one')
    await page.getByText('Answer 1 to: one').waitFor()
    await say(page, 'two')
    await page.getByText('Answer 2 to: two').waitFor()
    await page.getByRole('button', { name: 'Regenerate' }).click()
    await expect.poll(() => studio.model.count, { timeout: 5_000 }).toBeGreaterThan(2)
    await page.getByRole('button', { name: 'Regenerate' }).waitFor()
    expect(await page.getByRole('article').count()).toBe(2)
    const asked = studio.model.requests.at(-1)?.body
    expect(asked).toMatchObject({ model: 'large-model' })
    expect(asked?.messages.filter(({ role }) => role === 'user').map(({ content }) => content)).toEqual(['one', 'two'])
    expect((await studio.asyncv.sessions({ limit: 10 })).data.every(({ agent }) => agent === 'assistant')).toBe(true)
    await page.reload()
    await page.getByText('Answer 2 to: two').waitFor()
  })

  test('a first answer is given again in its place; later ones are remembered, so that asking again says so', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'New conversation' }).click()
    await say(page, 'first')
    await page.getByText('Answer 1 to: first').waitFor()
    const { count } = studio.model
    await page.getByRole('button', { name: 'Regenerate' }).click()
    await expect.poll(() => studio.model.count).toBe(count + 1)
    await page.getByRole('button', { name: 'Regenerate' }).waitFor()
    expect(await page.getByRole('article').count()).toBe(1)
    const asked = studio.model.requests.at(-1)?.body
    expect(asked?.messages.filter(({ role }) => role === 'user').map(({ content }) => content)).toEqual(['first'])
    await say(page, 'second')
    await page.getByText('Answer 2 to: second').waitFor()
    await page.getByRole('button', { name: 'Ask again' }).waitFor()
  })

  test('what goes wrong is said with the way out: a failing model, a draft that cannot be run, an agent that is gone', async () => {
    const page = await open()
    await say(page, 'break it')
    await page.getByRole('alert').getByText('No answer').waitFor()
    await shootWhenAsked(page, 'playground-failed-light-en-1280')
    await page.goto('/playground?source=draft&agent=broken')
    await say(page, 'hello')
    await page.getByRole('alert').getByText('The runtime cannot run this draft').waitFor()
    await page.getByRole('alert').getByText('agents › 0 › model', { exact: false }).waitFor()
    await page.goto('/playground?agent=nobody')
    await page.getByText('nobody does not run here').waitFor()
    await page.getByRole('button', { name: 'Try drafts' }).click()
    await page.waitForURL('**source=draft**')
  })

  test('in Chinese and on a phone it has no barriers, and the figures are where the answer is', async () => {
    const page = await open('/playground', { language: 'zh', width: 390, theme: 'dark' })
    await page.getByRole('textbox', { name: '消息' }).fill('The sum, please')
    await page.keyboard.press('Enter')
    await page.getByText('42', { exact: true }).waitFor()
    await page.getByRole('button', { name: '这次回答的详情' }).last().click()
    await page.getByText('自身耗时').first().waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    await shootWhenAsked(page, 'playground-dark-zh-390')
    expect(await findBarriers(page)).toEqual([])
  })

  test('a viewer reads who runs, and is offered nothing that would be refused', async () => {
    const page = await studio.open('/playground', {}, studio.as.viewer)
    await page.getByText('To talk to agents takes the role of an editor.').waitFor()
    expect(await page.getByRole('textbox').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'New conversation' }).count()).toBe(0)
    await shootWhenAsked(page, 'playground-viewer-light-en-1280')
    expect(await findBarriers(page)).toEqual([])
  })

  test('nothing went wrong in the console', () => {
    expect(studio.mistakes).toEqual([])
  })
})
