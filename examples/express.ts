// An assistant inside an Express app: its own route, and asyncv's whole API mounted beside it.
// Run it: npx tsx examples/express.ts, then
//   curl http://127.0.0.1:3000/ask?text=hi
//   curl http://127.0.0.1:3000/readyz
import { createServer } from '@asyncv/server'
import { getRequestListener } from '@hono/node-server'
import { AsyncvError, createAsyncv } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import express from 'express'

const asyncv = createAsyncv({
  storage: sqlite(process.env.DATABASE ?? '.asyncv/express.db'),
  agents: [{ name: 'helper', model: 'offline/demo' }],
})
await asyncv.start()

const app = express()
app.get('/ask', async (request, response) => {
  try {
    const reply = await asyncv.send({
      agent: 'helper',
      session: request.ip ?? 'someone',
      text: String(request.query.text),
    })
    response.json({ answer: reply.text })
  } catch (error) {
    response.status(500).json(error instanceof AsyncvError ? error : { message: 'unexpected' })
  }
})
const { runtime } = createServer(asyncv)
app.use(getRequestListener((request) => runtime.fetch(request)))

const listening = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log('listening on', listening.address())
})
process.once('SIGTERM', () => {
  listening.close()
  void asyncv.stop()
})
