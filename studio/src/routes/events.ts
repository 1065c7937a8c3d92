import type { Sessions, SignedIn } from '../accounts/sessions.ts'
import type { Events, StudioEvent } from '../events.ts'
import { Problem } from '../http/problem.ts'
import type { Router } from './router.ts'

/** For proxies that end what is silent. ms. */
const pingMs = 15_000
/** Then the browser comes again by itself, and with it the question whether its session is still good. ms. */
const longestMs = 10 * 60_000
/** Of one session, one for each page that is open; and of all together. */
const most = { ofSession: 12, ofAll: 500 }

const encoder = new TextEncoder()
const ping = encoder.encode(': ping\n\n')
/** How long a browser waits before it comes again. ms. */
const beginning = encoder.encode('retry: 2000\n\n')

/** What pages refresh by (HTML standard, "Server-sent events"): it ends with the session, and keeps nothing for who was away. */
export function eventRoutes(routes: Router, { events, sessions }: { events: Events; sessions: Sessions }): void {
  const open = new Map<string, number>()
  let all = 0

  routes.on('GET /api/events', (c, who) => {
    const leave = enter(who.session)
    c.header('Content-Type', 'text/event-stream; charset=utf-8')
    // nginx buffers otherwise.
    c.header('X-Accel-Buffering', 'no')
    return c.body(framesFor(who, leave))
  })

  function framesFor(who: SignedIn, leave: () => void): ReadableStream<Uint8Array> {
    const watched = sessions.watch(who)
    const left = new AbortController()
    const over = AbortSignal.any([watched.signal, left.signal, AbortSignal.timeout(longestMs)])
    const followed = events.follow(over)
    return new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(beginning)
        const pinging = setInterval(() => {
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(ping)
        }, pingMs)
        over.addEventListener('abort', () => {
          clearInterval(pinging)
          watched.stop()
          leave()
          if (!left.signal.aborted) controller.close()
        })
      },
      // Who does not read is given no more: what is not read waits, within its bound, and is then left out.
      async pull(controller) {
        const { done, value } = await followed.next()
        if (!done && !over.aborted) controller.enqueue(toFrame(value))
      },
      cancel: () => left.abort(),
    })
  }

  /** What it gives gives the place back. */
  function enter(session: string): () => void {
    const mine = open.get(session) ?? 0
    if (mine >= most.ofSession || all >= most.ofAll) {
      throw new Problem('rate_limited', `${mine} pages of this session follow already, and ${all} of all.`, {
        hint: 'Close some.',
        headers: { 'Retry-After': '5' },
      })
    }
    open.set(session, mine + 1)
    all++
    return () => {
      all--
      const others = (open.get(session) ?? 1) - 1
      if (others === 0) open.delete(session)
      else open.set(session, others)
    }
  }
}

function toFrame(event: StudioEvent): Uint8Array {
  return encoder.encode(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
}
