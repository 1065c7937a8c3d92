/** Bare code that keeps what asyncv keeps, by hand: the same two HTTP calls, and the same rows in two commits. */
import { bare } from './bare.ts'
import { keepByHand } from './keeping.ts'
import type { Contender, Services } from './measure.ts'

export async function byHand(services: Services): Promise<Contender> {
  const store = await keepByHand()
  const calls = await bare(services)
  let events = 0
  return {
    async handle(session, text) {
      const address = `tg:42:${session + 1}:-`
      const kept = await store.accept(address, text, `update:${++events}`)
      const answer = await calls.ask(text)
      await store.finish(kept, text, answer, address)
      await calls.send(session, answer)
      store.settle(kept)
    },
    commits: async () => store.commits(),
    async close() {
      await calls.close()
      store.close()
    },
  }
}
