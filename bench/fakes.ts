/** Both services in a process of their own, with no delay. */
import { fakeModel } from '@asyncv/openai/testing'
import { fakeTelegram } from '@asyncv/telegram/testing'

const token = '42:bench'
const answer = { text: 'This is an answer of some length, as an assistant might give it to a person who asked.' }
const model = await fakeModel({ reply: () => answer, ledger: 'count' })
const telegram = await fakeTelegram({ token })
for (let chat = 1; chat <= 64; chat++) telegram.open(chat)
process.send?.({ modelUrl: model.url, telegramUrl: telegram.url, token })
process.on('message', async () => {
  await Promise.all([model.close(), telegram.close()])
  process.disconnect()
})
