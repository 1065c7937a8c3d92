/** One contender in its own process: measures rounds when told to, so that CPU time is its own. */
import { bare } from './bare.ts'
import { byHand } from './by-hand.ts'
import { fetching } from './fetching.ts'
import { measure } from './measure.ts'
import { shipped } from './shipped.ts'

const [name = '', modelUrl = '', telegramUrl = '', token = ''] = process.argv.slice(2)
const begin = { bare, fetching, byHand, shipped }[name] ?? shipped
const contender = await begin({ modelUrl, telegramUrl, token })
await contender.handle(0, 'hello')

process.on('message', async (order: { sessions: number; seconds: number } | 'end') => {
  if (order === 'end') {
    await contender.close()
    process.disconnect()
    return
  }
  const before = await contender.commits()
  const round = await measure(contender.handle, order.sessions, order.seconds)
  process.send?.({ ...round, commits: ((await contender.commits()) - before) / round.messages })
})
process.send?.('answered')
