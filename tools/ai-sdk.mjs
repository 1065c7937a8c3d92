// A judge of the OpenAI-compatible routes: Vercel's AI SDK, through its provider for services of that kind.
// Run as: node ai-sdk.mjs <url of the service>. Prints a line for each case; ends with 1 when one fails.
import assert from 'node:assert/strict'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateText, streamText } from 'ai'

const [url] = process.argv.slice(2)
const asyncv = createOpenAICompatible({ name: 'asyncv', baseURL: `${url}/openai/v1`, includeUsage: true })
const model = asyncv('assistant')

const cases = {
  async plain() {
    const { text, finishReason, usage } = await generateText({ model, prompt: 'what is 6 * 7' })
    assert.match(text, /6 \* 7 = 42/)
    assert.equal(finishReason, 'stop')
    assert.ok((usage.inputTokens ?? 0) > 0 && (usage.outputTokens ?? 0) > 0, 'usage is counted')
  },
  async stream() {
    const { textStream, usage } = streamText({ model, prompt: 'what is 6 * 7' })
    let text = ''
    let pieces = 0
    for await (const piece of textStream) {
      text += piece
      pieces++
    }
    assert.match(text, /6 \* 7 = 42/)
    assert.ok(pieces > 1, 'it comes in pieces')
    assert.ok(((await usage).outputTokens ?? 0) > 0, 'usage is counted')
  },
  async history() {
    const messages = [
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'two' },
      { role: 'user', content: 'three' },
    ]
    assert.match((await generateText({ model, messages })).text, /message 2 of this conversation/)
  },
  async errors() {
    const failed = generateText({ model: asyncv('nobody'), prompt: 'hi' })
    await assert.rejects(failed, (error) => error.statusCode === 404 && /Known agents: assistant/.test(error.message))
  },
  async retry() {
    const before = await accepted()
    await assert.rejects(generateText({ model: asyncv('nobody'), prompt: 'hi', maxRetries: 2 }))
    assert.equal(await accepted(), before, 'nothing is accepted twice, nor at all')
  },
  async abort() {
    const leave = new AbortController()
    leave.abort()
    await assert.rejects(generateText({ model, prompt: 'hi', abortSignal: leave.signal }))
  },
}

async function accepted() {
  return (await (await fetch(`${url}/v1/stats`)).json()).accepted
}

let failed = 0
for (const [name, run] of Object.entries(cases)) {
  try {
    await run()
    console.log(`ok   ai-sdk ${name}`)
  } catch (error) {
    failed++
    console.log(`FAIL ai-sdk ${name}: ${error.message}`)
  }
}
process.exit(failed === 0 ? 0 : 1)
