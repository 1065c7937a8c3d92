import type { KyselyPlugin } from 'kysely'
import { expect, test } from 'vitest'
import { composeChoice } from './choice.ts'
import { openDesk } from './desk.fixture.ts'

/** How often the database is asked to compose a release of so many agents. */
async function queriesFor(agents: number): Promise<number> {
  const desk = await openDesk(':memory:')
  for (let n = 0; n < agents; n++) await desk.save('agent', `a${n}`, { name: `a${n}`, model: 'offline/demo' })
  let queries = 0
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      queries++
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const composed = await desk.db
    .withPlugin(counting)
    .transaction()
    .execute((trx) => composeChoice(trx, 'all'))
  await desk.close()
  expect(composed.items).toHaveLength(agents)
  return queries
}

test('a release of many agents asks the database no more often than one of few', async () => {
  expect(await queriesFor(40)).toBe(await queriesFor(4))
})
