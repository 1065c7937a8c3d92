// A chat platform of your own: this one is a folder. Each line of inbox.txt is a message, answers go to outbox.txt.
// Run it: npx tsx examples/custom-connector.ts FOLDER
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Connector, createAsyncv, textOf } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'

function folder(path: string): Connector {
  const account = 'folder:1'
  const stopping = new AbortController()
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
      async function poll(): Promise<void> {
        while (!stopping.signal.aborted) {
          const done = Number((await host.state(account, 'lines')) ?? 0)
          const lines = (await readFile(join(path, 'inbox.txt'), 'utf8').catch(() => '')).split('\n').slice(0, -1)
          for (let n = done; n < lines.length; n++) {
            const parts = [{ type: 'text' as const, text: lines[n] ?? '' }]
            const inbound = { eventId: `line ${n}`, from: { account, conversation: 'me' }, person: { id: 'me' }, parts }
            // The count of lines moves in the commit that accepts the line, so none is lost and none comes twice.
            const state = { key: 'lines', value: `${n + 1}` }
            // Refused for now, such as by a full disk, the line is offered again in the next round.
            const taken = await host.accept({ type: 'message', ...inbound }, { account, state }).catch(() => null)
            if (taken === null) break
          }
          await sleep(100, null, { signal: stopping.signal }).catch(() => {})
        }
      }
      polling = poll()
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
const asyncv = createAsyncv({ storage: sqlite(join(path, 'asyncv.db')), connectors: { files: folder(path) }, agents })
await asyncv.start()
process.once('SIGTERM', () => asyncv.stop())
