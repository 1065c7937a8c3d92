// A Telegram bot. With a real one: TELEGRAM_BOT_TOKEN and OPENAI_API_KEY. Without an account, run
// `npm run fake:telegram` and pass what it prints: TELEGRAM_API_ROOT and TELEGRAM_BOT_TOKEN.
// Run it: npx tsx examples/telegram-bot.ts
import { openai } from '@asyncv/openai'
import { telegram } from '@asyncv/telegram'
import { createAsyncv } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'

const { TELEGRAM_BOT_TOKEN: token = '', TELEGRAM_API_ROOT: apiRoot, OPENAI_API_KEY: apiKey, ALLOW } = process.env

const asyncv = createAsyncv({
  storage: sqlite(process.env.DATABASE ?? '.asyncv/telegram.db'),
  providers: apiKey === undefined ? {} : { main: openai({ apiKey }) },
  connectors: {
    tg: telegram({
      token,
      ...(apiRoot === undefined ? {} : { apiRoot }),
      // Without this the bot answers nobody, and logs the id to add.
      allow: ALLOW === undefined ? [] : ALLOW === 'everyone' ? 'everyone' : ALLOW.split(','),
    }),
  },
  agents: [
    { name: 'helper', model: apiKey === undefined ? 'offline/demo' : 'main/gpt-5-mini', instructions: 'Be brief.' },
  ],
  logger: { debug() {}, info: (fields, text) => console.log(text, fields), warn: console.warn, error: console.error },
})

await asyncv.start()
process.once('SIGINT', () => asyncv.stop())
process.once('SIGTERM', () => asyncv.stop())
