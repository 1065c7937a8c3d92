/** What goes wrong on purpose. */

export interface FaultScope {
  /** Default: every method. */
  method?: string
  /** Default: every chat. */
  chat?: number
  /** How many calls it befalls. Default 1. */
  times?: number
}

export type Fault = FaultScope &
  (
    | { type: 'cut-before' } // the connection drops, nothing was done
    | { type: 'cut-after' } // it was done, and the connection drops before the bot is told
    | { type: 'gateway'; status: number } // a page of a gateway in front, nothing was done
    | { type: 'refuse'; code: number; description: string; retryAfter?: number }
    | { type: 'slow'; ms: number }
  )

export class Faults {
  #planned: { fault: Fault; left: number }[] = []

  plan(fault: Fault): void {
    this.#planned.push({ fault, left: fault.times ?? 1 })
  }

  /** The fault that befalls a call, if any; it counts as used. */
  strike(method: string, chat: unknown): Fault | null {
    if (this.#planned.length === 0) return null
    const struck = this.#planned.find(
      ({ fault }) =>
        (fault.method === undefined || fault.method === method) &&
        (fault.chat === undefined || fault.chat === Number(chat)),
    )
    if (struck === undefined) return null
    struck.left -= 1
    if (struck.left === 0) this.#planned = this.#planned.filter((planned) => planned !== struck)
    return struck.fault
  }
}
