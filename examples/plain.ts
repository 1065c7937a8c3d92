// The smallest program: one agent, one message, one answer. Needs no key: the built-in offline demo answers.
// Run it: npx tsx examples/plain.ts "What is 6 * 7?"
import { createAsyncv } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'

const asyncv = createAsyncv({
  storage: sqlite(process.env.DATABASE ?? '.asyncv/plain.db'),
  agents: [{ name: 'helper', model: 'offline/demo', tools: ['calculator', 'time'] }],
})

await asyncv.start()
const reply = await asyncv.send({ agent: 'helper', session: 'me', text: process.argv[2] ?? 'What is 6 * 7?' })
console.log(reply.text)
await asyncv.stop()
