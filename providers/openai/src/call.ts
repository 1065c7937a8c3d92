/** One model call: a response in, model events out. */
import { AsyncvError, type ModelEvent, type ProviderError } from 'asyncv'
import { networkFailure, refusal, type Service, timeout, unreadable, unwritable, withheld } from './errors.ts'
import { EventQueue } from './event-queue.ts'
import { AnswerReader } from './events.ts'
import type { Timeouts } from './options.ts'
import type { ChatBody } from './request.ts'
import type { ResponseHeaders } from './retry-after.ts'
import { maxEventBytes, SseReader } from './sse.ts'
import type { Exchange, Receiver, Transport } from './transport.ts'
import { Watchdog } from './watchdog.ts'

export interface CallPorts {
  transport: Transport
  service: Service
  timeouts: Timeouts
}

/** Text that may wait for a slow reader before the socket is paused, UTF-16 units. */
const mostWaitingText = 1024 * 1024

/** What the response is read as, decided by its head. */
type Reading =
  | { as: 'nothing yet' }
  | { as: 'stream'; sse: SseReader }
  | { as: 'whole'; status: number; headers: ResponseHeaders; body: Buffer[]; size: number }

/** Makes the call and iterates over its events. Never throws. */
export function call(
  body: ChatBody,
  { signal, key }: { signal: AbortSignal; key: string },
  ports: CallPorts,
): AsyncIterator<ModelEvent, undefined> {
  return new Call(body, signal, key, ports).events
}

/**
 * Its life: requested, answering, settled (the last event is out), over (the response has ended or was broken off).
 * Settled comes before over when a stream says `[DONE]`: what is left of the response is then read to its end, so that
 * the connection can be used again; a service that never ends it is cut by the watchdog.
 */
class Call implements Receiver {
  readonly events: EventQueue
  readonly #service: Service
  readonly #signal: AbortSignal
  readonly #answer: AnswerReader
  readonly #watchdog: Watchdog
  readonly #leave = (): void => this.#breakOff()
  #exchange: Exchange | null = null
  #reading: Reading = { as: 'nothing yet' }
  #paused = false
  #over = false

  constructor(body: ChatBody, signal: AbortSignal, key: string, { transport, service, timeouts }: CallPorts) {
    this.#service = service
    this.#signal = signal
    this.events = new EventQueue(this.#leave, () => this.#resume())
    this.#answer = new AnswerReader(service, key, (event) => this.events.push(event))
    this.#watchdog = new Watchdog(timeouts, (which, ms) => this.#fail(timeout(service, which, ms)))
    if (signal.aborted) this.#breakOff()
    else {
      signal.addEventListener('abort', this.#leave, { once: true })
      try {
        this.#exchange = transport.complete(body, this)
      } catch (error) {
        this.#fail(error instanceof AsyncvError ? withheld(service, error) : unwritable(service, error))
      }
    }
  }

  head(status: number, headers: ResponseHeaders): void {
    // Services that ignore `stream` answer whole, and say so in the type; a page is no stream either. What has no type,
    // or a general one, is taken to stream.
    const type = String(headers['content-type'])
    const whole = status < 200 || status > 299 || type.includes('json') || type.includes('html')
    this.#reading = whole
      ? { as: 'whole', status, headers, body: [], size: 0 }
      : { as: 'stream', sse: new SseReader((data) => this.#answer.readData(data)) }
  }

  bytes(bytes: Buffer): void {
    if (this.#over) return
    this.#watchdog.hear()
    const reading = this.#reading
    if (reading.as === 'stream') this.#readStream(reading.sse, bytes)
    else if (reading.as === 'whole') {
      reading.body.push(bytes)
      reading.size += bytes.length
      if (reading.size > maxEventBytes) this.#fail(unreadable(this.#service, `more than ${maxEventBytes} bytes`))
    }
  }

  end(): void {
    const reading = this.#reading
    if (reading.as === 'whole') this.#readWhole(reading)
    else if (reading.as === 'stream') {
      this.#answer.expectRest()
      reading.sse.end()
    }
    this.#answer.end()
    this.#end()
  }

  failed(failure: unknown): void {
    this.#answer.end(networkFailure(this.#service, failure))
    this.#end()
  }

  #readStream(sse: SseReader, bytes: Buffer): void {
    try {
      sse.push(bytes)
    } catch (error) {
      // Only the reader's own limit throws; a defect of ours is the transport's to report.
      if (!(error instanceof RangeError)) throw error
      return this.#fail(unreadable(this.#service, `more than ${maxEventBytes} bytes in one event`))
    }
    if (this.#answer.over) return this.events.close()
    this.events.flush()
    if (this.events.waitingText > mostWaitingText) {
      this.#paused = true
      this.#exchange?.pause()
    }
  }

  #readWhole({ status, headers, body }: Reading & { as: 'whole' }): void {
    const text = Buffer.concat(body).toString()
    if (status >= 200 && status <= 299) this.#answer.readWhole(text)
    else this.#answer.fail(refusal(this.#service, status, headers, text, Date.now()))
  }

  #resume(): void {
    if (!this.#paused) return
    this.#paused = false
    // The reader's pause is not the service's.
    this.#watchdog.hear()
    this.#exchange?.resume()
  }

  /** The exchange goes wrong on our side: a limit, a deadline. */
  #fail(error: ProviderError): void {
    this.#answer.fail(error)
    this.#exchange?.abort()
    this.#end()
  }

  /** The reader has left, or the signal is aborted. After the last event there is nothing to break off. */
  #breakOff(): void {
    if (this.#answer.over) return
    this.events.discard()
    this.#exchange?.abort()
    this.#end()
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    this.#watchdog.stop()
    this.#signal.removeEventListener('abort', this.#leave)
    this.events.close()
  }
}
