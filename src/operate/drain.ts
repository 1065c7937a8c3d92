import type { Clock } from '../clock.ts'
import { AsyncvError } from '../errors.ts'
import type { Logger } from '../logger.ts'
import type { DrainState } from '../operating.ts'

export interface DrainPorts {
  clock: Clock
  logger: Logger
  /** Takes messages in, or does not. */
  admit(open: boolean): void
  /** What is being done at this moment, what only waits for its time left out. */
  busy(): number
  left(): Promise<Pick<DrainState, 'tasks' | 'deliveries'>>
}

/** How often it is looked whether anything is left. ms. */
const lookEveryMs = 200

/**
 * `off` → `leaving` → `draining` → `drained`, and from each back to `off`. Drained stays drained: a delivery whose next try
 * comes due has been on disk all the time, and nobody was told that it is sent.
 */
export class Drain {
  readonly #ports: DrainPorts
  #state: DrainState['state'] = 'off'
  #since: number | null = null
  /** The next step; set from `begin` until it is drained or undone. */
  #cancel = (): void => {}
  #waiting: { resolve(): void; reject(error: AsyncvError): void }[] = []
  /** The runtime stops: what is left is not done any more, and would be looked for in vain. */
  #ended = false

  constructor(ports: DrainPorts) {
    this.#ports = ports
  }

  get isOn(): boolean {
    return this.#state !== 'off'
  }

  begin(notReadyMs: number): void {
    const { clock, logger } = this.#ports
    this.#checkEnded()
    if (this.#state !== 'off') return
    this.#since = clock.now()
    this.#state = 'leaving'
    logger.info({ notReadyMs }, 'draining: not ready any more')
    if (notReadyMs === 0) this.#close()
    else this.#cancel = clock.after(notReadyMs, () => this.#close())
  }

  undo(): void {
    this.#checkEnded()
    if (this.#state === 'off') return
    this.#leave(new AsyncvError('state_conflict', 'The drain was undone.'))
    this.#state = 'off'
    this.#since = null
    this.#ports.admit(true)
    this.#ports.logger.info({}, 'taking messages in again')
  }

  /** Called when the runtime stops. */
  end(): void {
    this.#ended = true
    this.#leave(stopping())
  }

  async state(): Promise<DrainState> {
    const left = await this.#ports.left()
    return { state: this.#state, since: this.#since, ...left }
  }

  async done(signal?: AbortSignal): Promise<DrainState> {
    this.#checkEnded()
    if (this.#state === 'off') {
      throw new AsyncvError('state_conflict', 'Nothing is being drained.', { hint: 'Begin it first.' })
    }
    if (this.#state !== 'drained') {
      await new Promise<void>((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
        if (signal?.aborted) reject(signal.reason)
        this.#waiting.push({ resolve, reject })
      })
    }
    return this.state()
  }

  /** Waits for nothing more. */
  #leave(reason: AsyncvError): void {
    this.#cancel()
    for (const { reject } of this.#waiting.splice(0)) reject(reason)
  }

  #checkEnded(): void {
    if (this.#ended) throw stopping()
  }

  #close(): void {
    this.#state = 'draining'
    this.#ports.admit(false)
    this.#look()
  }

  #look(): void {
    const { clock, logger, busy } = this.#ports
    if (busy() > 0) {
      this.#cancel = clock.after(lookEveryMs, () => this.#look())
      return
    }
    this.#state = 'drained'
    logger.info({ tookMs: clock.now() - (this.#since ?? 0) }, 'drained')
    for (const { resolve } of this.#waiting.splice(0)) resolve()
  }
}

function stopping(): AsyncvError {
  return new AsyncvError('not_running', 'This runtime is stopping.', { retryable: true })
}
