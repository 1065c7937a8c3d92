import type { Accepted, ConnectorHost, Inbound } from '../../connector.ts'
import { AsyncvError } from '../../errors.ts'
import { silentLogger } from '../../logger.ts'

/** A runtime that only keeps what it takes in; it outlives the connectors that bring it. */
export interface Disk {
  /** What was taken in, in order, without what came twice. */
  readonly taken: readonly Inbound[]
  /** Every offer, as the text or command that it was for. */
  readonly offers: readonly string[]
  /** The texts that were taken in, of one conversation or all. */
  texts(conversation?: string): string[]
  /** Refuses the next offers as a full inbox does. */
  refuse(times: number): void
  /** From now on offers wait, before or after they are written, until `release` or until the connector has to stop. */
  hold(where: 'before' | 'after'): void
  release(): void
  /** What a connector started on this disk sees. */
  host(signal: AbortSignal): ConnectorHost
}

export function createDisk(): Disk {
  const taken = new Map<string, Inbound>()
  const states = new Map<string, string>()
  const offers: string[] = []
  let refusals = 0
  let held: { where: 'before' | 'after'; released: Promise<void>; release: () => void } | null = null

  function write(inbound: Inbound): Accepted {
    const key = `${inbound.from.account} ${inbound.eventId}`
    const duplicate = taken.has(key)
    if (!duplicate) taken.set(key, inbound)
    return { message: key, task: inbound.type === 'message' ? key : null, duplicate }
  }

  function hosting(signal: AbortSignal): ConnectorHost {
    const stopping = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new AsyncvError('not_running', 'Stopping.', { retryable: true })))
    })
    stopping.catch(() => {}) // heard only by what is held
    return {
      logger: silentLogger,
      signal,
      health() {},
      state: async (account, key) => states.get(`${account} ${key}`) ?? null,
      async accept(inbound, { account, state }) {
        if (inbound !== null) offers.push(saying(inbound))
        if (refusals > 0) {
          refusals -= 1
          throw new AsyncvError('overloaded', 'The inbox is full.', { retryable: true })
        }
        // A disk takes its time, so that what does not wait for it is seen.
        await new Promise((resolve) => setImmediate(resolve))
        if (held?.where === 'before') await Promise.race([held.released, stopping])
        const accepted = inbound === null ? null : write(inbound)
        if (state !== undefined) states.set(`${account} ${state.key}`, state.value)
        if (held?.where === 'after') await Promise.race([held.released, stopping])
        return accepted
      },
    }
  }

  return {
    get taken() {
      return [...taken.values()]
    },
    offers,
    texts: (conversation) =>
      [...taken.values()]
        .filter(({ from }) => conversation === undefined || from.conversation === conversation)
        .map(saying),
    refuse(times) {
      refusals = times
    },
    hold(where) {
      let release = (): void => {}
      const released = new Promise<void>((resolve) => {
        release = resolve
      })
      held = { where, released, release }
    },
    release() {
      held?.release()
      held = null
    },
    host: hosting,
  }
}

function saying(inbound: Inbound): string {
  switch (inbound.type) {
    case 'message':
      return inbound.parts.map(({ text }) => text).join('')
    case 'command':
      return `/${inbound.command}`
    case 'unsupported':
      return '(unsupported)'
  }
}
