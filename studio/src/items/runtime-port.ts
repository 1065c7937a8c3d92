/** What items and releases ask of the runtimes that Studio is connected to. */
export interface RuntimePort {
  /** The connected ones, in the order in which lists show them. */
  list(): Promise<readonly RuntimeName[]>
  /**
   * What a route of a runtime's management API answers, whatever the status; `body` is the JSON of it, null where it is none.
   * Rejects with a `Problem` when there is no such runtime, nobody answers, or it does not take the key; and with the
   * signal's reason.
   */
  ask(runtime: string, question: Question): Promise<{ status: number; body: unknown }>
}

export interface RuntimeName {
  id: string
  name: string
}

export interface Question {
  method: 'GET' | 'POST' | 'PUT'
  /** Such as `/admin/v1/types`. */
  path: string
  headers?: Record<string, string>
  body?: unknown
  signal: AbortSignal
  /** Until the answer begins. ms, default 10,000. */
  waitMs?: number
}
