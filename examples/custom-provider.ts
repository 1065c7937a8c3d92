// A model of your own: a provider is one function that yields events. This one answers in capitals.
// Run it: npx tsx examples/custom-provider.ts
import { createAsyncv, type Provider, textOf } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'

const shouting: Provider = {
  async *stream({ messages }, { signal }) {
    const said = textOf(messages.at(-1)?.parts ?? [])
    for (const word of said.toUpperCase().split(' ')) {
      if (signal.aborted) return
      yield { type: 'text.delta', text: `${word} ` }
    }
    yield { type: 'usage', inputTokens: said.length, outputTokens: said.length }
    yield { type: 'finish', reason: 'stop' }
  },
}

const asyncv = createAsyncv({
  storage: sqlite(process.env.DATABASE ?? '.asyncv/provider.db'),
  providers: { mine: shouting },
  agents: [{ name: 'helper', model: 'mine/loud' }],
})
await asyncv.start()
for await (const event of asyncv.stream({ agent: 'helper', text: 'can you hear me' })) {
  if (event.type === 'text.delta') process.stdout.write(event.text)
}
process.stdout.write('\n')
await asyncv.stop()
