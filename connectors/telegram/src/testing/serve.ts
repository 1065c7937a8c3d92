/**
 * A fake Telegram to try a bot on, without an account: `npm run fake:telegram [port]`. What is typed here is said by a
 * person; what the bot says is printed. Ends with Ctrl-C or the end of its input.
 */
import { createInterface } from 'node:readline'
import type { Sent } from './chats.ts'
import { type FakeTelegram, fakeTelegram } from './fake-telegram.ts'

/** The port of the example configurations. */
const defaultPort = 4020
/** The person who types. */
const me = 1

const [port = String(defaultPort)] = process.argv.slice(2)
if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
  complain(
    `"${port}" is no port. Usage: npm run fake:telegram [port], such as ${defaultPort}, or 0 for any that is free.`,
  )
}

const tg = await fakeTelegram({ port: Number(port), onSent: print }).catch((error: NodeJS.ErrnoException) =>
  complain(
    error.code === 'EADDRINUSE'
      ? `Port ${port} is in use. Give another one: npm run fake:telegram 0 takes any that is free.`
      : `Cannot listen on port ${port}: ${error.message}`,
  ),
)
process.stdout.write(introduction(tg))

const input = createInterface({ input: process.stdin })
process.on('SIGINT', () => input.close())
for await (const line of input) if (line.trim() !== '') tg.say(me, line)
await tg.close()

function introduction({ url, token }: FakeTelegram): string {
  return `A fake Telegram is at ${url}. Put this into asyncv.config.json:

{
  "connectors": {
    "tg": { "type": "telegram", "options": { "token": "${token}", "apiRoot": "${url}", "allow": [${me}] } }
  },
  "agents": [{ "name": "assistant", "model": "offline/demo" }]
}

or into code: telegram({ token: '${token}', apiRoot: '${url}', allow: [${me}] })

Then start the bot in another terminal, and write to it here.

`
}

/** Every edit is printed too: a terminal cannot take a line back. */
function print({ method, text }: Sent): void {
  process.stdout.write(`bot${method === 'editMessageText' ? ' (edited)' : ''}: ${text}\n`)
}

function complain(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(2)
}
