/** Plays a reply on a response: the answer in its frames, with its delays and its fault. */
import type { ServerResponse } from 'node:http'
import { completionOf, type Frames, framesOf } from './frames.ts'
import type { LedgerEntry } from './ledger.ts'
import type { Answer, ChatRequest, Recording, Refusal, Reply } from './reply.ts'

export function play(reply: Reply, request: ChatRequest, entry: LedgerEntry, response: ServerResponse): void {
  if ('raw' in reply) return replay(reply, response)
  after(reply.delayMs ?? 0, response, () => {
    if ('status' in reply) refuse(response, reply)
    else if (request.stream === true) stream(reply, framesOf(reply, request, entry.n), entry, response)
    else respond(response, 200, completionOf(reply, request, entry.n))
  })
}

export function refuse(response: ServerResponse, { status, headers, body }: Refusal): void {
  if (typeof body === 'string') response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body)
  else respond(response, status, body === undefined ? '' : JSON.stringify(body), headers)
}

function respond(response: ServerResponse, status: number, json: string, headers?: Record<string, string>): void {
  const length = Buffer.byteLength(json)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': length, ...headers }).end(json)
}

const eventStream = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' }

function replay({ raw, contentType }: Recording, response: ServerResponse): void {
  response.writeHead(200, contentType === undefined ? eventStream : { 'content-type': contentType })
  const next = (index: number): void => {
    const piece = raw[index]
    if (piece === undefined) return void response.end()
    // The next one goes when this one has left, so that the pieces are not joined on the way out.
    response.write(piece, () => setImmediate(next, index + 1))
  }
  next(0)
}

function stream(answer: Answer, frames: Frames, entry: LedgerEntry, response: ServerResponse): void {
  const { fault, chunkDelayMs = 0 } = answer
  const sent = fault !== undefined && 'afterChunks' in fault ? frames.deltas.slice(0, fault.afterChunks) : frames.deltas
  response.writeHead(200, eventStream)
  const end = (): void => close(answer, frames, entry, response)
  if (chunkDelayMs === 0) {
    if (fault === undefined)
      return void response.end(sent.join('') + frames.finish + (frames.usage ?? '') + frames.done)
    response.flushHeaders()
    if (sent.length === 0) return end()
    // Faults wait for the write, so that what was promised to arrive has left.
    return void response.write(sent.join(''), end)
  }
  response.flushHeaders()
  const next = (index: number): void => {
    const frame = sent[index]
    if (frame === undefined) return end()
    response.write(frame)
    after(chunkDelayMs, response, () => next(index + 1))
  }
  next(0)
}

function close({ fault }: Answer, frames: Frames, entry: LedgerEntry, response: ServerResponse): void {
  const usage = frames.usage ?? ''
  switch (fault?.type) {
    case undefined:
      response.end(frames.finish + usage + frames.done)
      return
    case 'no-done':
      response.end(frames.finish + usage)
      return
    case 'done-only':
      response.end(usage + frames.done)
      return
    case 'cut':
      entry.outcome = 'broken'
      // One turn later, so that what was written is in the kernel's hands.
      setImmediate(() => response.destroy())
      return
    case 'close':
      entry.outcome = 'broken'
      response.end()
      return
    case 'stall':
      return
    case 'garbage':
      entry.outcome = 'broken'
      response.end('data: {"choices":[{"del\n\n')
      return
    case 'error':
      entry.outcome = 'broken'
      response.end(`data: ${JSON.stringify({ error: fault.error })}\n\n`)
      return
  }
}

/** Runs `then` when the time has come, unless the client has gone by then. `Infinity` never comes. */
function after(ms: number, response: ServerResponse, then: () => void): void {
  if (ms <= 0) return then()
  if (ms === Number.POSITIVE_INFINITY) return
  const timer = setTimeout(() => {
    if (!response.destroyed) then()
  }, ms)
  // What a closed service still had to say must not keep the process alive.
  timer.unref()
}
