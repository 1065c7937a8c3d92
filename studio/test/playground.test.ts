import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ChatRequest, Reply } from '@asyncv/openai/testing'
import { describeInBrowser } from './chromium.ts'
import { openWorkplace, type Workplace } from './runtime.fixture.ts'
import { findBarriers, shoot } from './studio-page.fixture.ts'

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
  if (said.includes('slow')) return { chunks: ['Slow', 'ly', ' it', ' comes'], chunkDelayMs: 60_000 }
  if (said.includes('plan')) return { text: markdown, reasoning: 'First I think.' }
  const users = messages.filter(({ role }) => role === 'user').length
  return { text: `Answer ${users} to: ${said}` }
}

describeInBrowser('the playground', () => {
  let studio: Workplace
  beforeAll(async () => {
    studio = await openWorkplace({ reply, tools: ['calculator'], prices: { 'main/fake-model': { input: 1_000, output: 2_000 } } })
    await studio.create('agent', 'poet', { name: 'poet', model: 'main/large-model', instructions: 'You write poems.' })
    await studio.create('agent', 'broken', { name: 'broken', model: 'nowhere/model' })
  }, 60_000)
  afterAll(() => studio?.close())

  const open = (path = '/playground', looks = {}) => studio.open(path, looks, studio.as.editor)
  const field = (page: Page) => page.getByRole('textbox', { name: 'Message' })
  const answers = (page: Page) => page.getByRole('listitem').filter({ has: page.getByRole('article') })
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
    const [task] = (await studio.asyncv.tasks.list({ limit: 1 })).data
    const { inputTokens, outputTokens } = task!.usage
    const cost = (inputTokens * 1_000 + outputTokens * 2_000) / 1_000_000
    const text = await figures.innerText()
    expect(text).toContain(`${inputTokens} in, ${outputTokens} out`)
    expect(text).toContain(new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 }).format(cost))
    expect(text).toMatch(/Own time\s+\d+ ms/)
    await shoot(page, 'playground-light-en-1280')
    expect(await findBarriers(page)).toEqual([])
  })
})
