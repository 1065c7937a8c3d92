import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What the tools did to the world: outside the killed process, so that it remembers. */
export interface Ledger {
  url: string
  /** Every booking that took effect: its key and seat. */
  bookings: { key: string; seat: string }[]
  looks: number
  close(): void
}

/** How long looking takes: long enough for a second message to arrive meanwhile. ms. */
const lookMs = 60

export async function startLedger(): Promise<Ledger> {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://ledger')
    const [, what, key = ''] = pathname.split('/').map(decodeURIComponent)
    const seat = searchParams.get('seat') ?? ''
    response.setHeader('Content-Type', 'application/json')
    if (what === 'book' && request.method === 'POST') {
      ledger.bookings.push({ key, seat })
      return response.end(JSON.stringify({ booked: seat }))
    }
    if (what === 'book') {
      return response.end(
        JSON.stringify({ seat: ledger.bookings.find((booking) => booking.key === key)?.seat ?? null }),
      )
    }
    ledger.looks++
    await sleep(lookMs)
    response.end(JSON.stringify({ free: true }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const ledger: Ledger = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bookings: [],
    looks: 0,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
  return ledger
}
