// An assistant inside a Hono app: asyncv's whole API below a path, behind the app's own sign-in, and a file for it to read.
// Run it: npx tsx examples/hono.ts, then
//   curl -H 'x-user: ada' http://127.0.0.1:3000/assistant/docs
import { createServer } from '@asyncv/server'
import { serve } from '@hono/node-server'
import { createAsyncv } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { Hono } from 'hono'

const asyncv = createAsyncv({
  storage: sqlite(process.env.DATABASE ?? '.asyncv/hono.db'),
  agents: [{ name: 'helper', model: 'offline/demo' }],
})
await asyncv.start()

const app = new Hono()
// Whoever mounts the service decides who gets to it: here everybody with a name, on this machine.
app.use('/assistant/*', async (c, next) => {
  if (c.req.header('x-user') === undefined) return c.text('Who are you?', 401)
  await next()
})
app.mount('/assistant', createServer(asyncv).runtime.fetch)
app.post('/summaries', async (c) => {
  const file = await asyncv.files.put({ bytes: new Uint8Array(await c.req.arrayBuffer()), name: 'text.txt' })
  const parts = [{ type: 'text', text: 'Sum this up.' } as const, { type: 'file', file: file.id } as const]
  return c.json({ summary: (await asyncv.send({ agent: 'helper', parts })).text })
})

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: '127.0.0.1' }, (address) =>
  console.log('listening on', address),
)
process.once('SIGTERM', () => {
  server.close()
  void asyncv.stop()
})
