// A chat platform of your own: this one is a folder. Each line of inbox.txt is a message, answers go to outbox.txt.
// Run it: npx tsx examples/custom-connector.ts FOLDER
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Connector, createAsyncv, textOf } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'

function folder(path: string): Connector {
  const account = 'folder:1'
  let stopping = new AbortController()
  let polling = Promise.resolve()
  return {
    type: 'folder',
    supports: {
      textLimit: 10_000,
      edits: false,
      typing: false,
      streaming: null,
      pace: { perConversationMs: 0, perGroupPerMinute: 0, perSecond: 0, isGroup: () => false },
    },
    async start(host) {
      async function takeIn(): Promise<void> {
        const done = Number((await host.state(account, 'lines')) ?? 0)
        const lines = (await readFile(join(path, 'inbox.txt'), 'utf8').catch(() => '')).split('\n').slice(0, -1)
        for (let n = done; n < lines.length; n++) {
          const parts = [{ type: 'text' as const, text: lines[n] ?? '' }]
          const inbound = { eventId: `line ${n}`, from: { account, conversation: 'me' }, person: { id: 'me' }, parts }
          // The count of lines moves in the commit that accepts the line, so none is lost and none comes twice.
          await host.accept({ type: 'message', ...inbound }, { account, state: { key: 'lines', value: `${n + 1}` } })
        }
      }
      async function poll(signal: AbortSignal): Promise<void> {
        while (!signal.aborted) {
          await takeIn().catch((err: unknown) => host.logger.warn({ err }, 'not taken in; offered again'))
          await sleep(100, null, { signal }).catch(() => {})
        }
      }
      stopping = new AbortController() // a new one, so that it can be started again after a stop
      polling = poll(stopping.signal)
      return { account }
    },
    async stop() {
      stopping.abort()
      await polling
    },
    async send(operation) {
      if (operation.type === 'post') await appendFile(join(path, 'outbox.txt'), `${textOf(operation.parts)}\n`)
      return { target: String(Date.now()), at: Date.now() }
    },
  }
}

const path = process.argv[2] ?? '.'
const agents = [{ name: 'helper', model: 'offline/demo' }]
const storage = sqlite(join(path, 'asyncv.db'))
const asyncv = createAsyncv({ storage, connectors: { files: folder(path) }, agents, logger: console })
await asyncv.start()
process.once('SIGTERM', () => asyncv.stop())
