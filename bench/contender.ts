/** One contender in its own process: measures rounds when told to, so that CPU time is its own. */
import { bare } from './bare.ts'
import { measure } from './measure.ts'
import { shipped } from './shipped.ts'

const [name = '', modelUrl = '', telegramUrl = '', token = ''] = process.argv.slice(2)
const contender = await (name === 'bare' ? bare : shipped)({ modelUrl, telegramUrl, token })

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
process.send?.('ready')
