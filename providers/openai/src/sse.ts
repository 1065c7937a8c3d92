/** Longest line and longest event taken in; a chunk of the protocol has some hundred bytes. */
export const maxEventBytes = 8 * 1024 * 1024

const newline = 0x0a

/**
 * Reads server-sent events: bytes in, data strings out. Fields other than `data` and comments are passed over; several
 * `data` lines of one event are joined by a line break, as the standard says (html.spec.whatwg.org, "event stream
 * interpretation"). Lines end in LF or CRLF; the lone CR that the standard also allows is used by no service.
 *
 * Only whole lines are decoded, which is why a character split over two chunks needs no care: no byte of a multi-byte
 * character is a line break.
 */
export class SseReader {
  readonly #onData: (data: string) => void
  /** The beginning of a line whose end has not come, in the pieces it came in. */
  #rest: Uint8Array[] = []
  #restBytes = 0
  /** The data lines of an event whose blank line has not come. */
  #data: string | null = null
  #started = false

  constructor(onData: (data: string) => void) {
    this.#onData = onData
  }

  /** Calls back for every event that these bytes complete. Throws a `RangeError` for one above `maxEventBytes`. */
  push(bytes: Buffer): void {
    const end = bytes.lastIndexOf(newline) + 1
    if (end === 0) return this.#keep(bytes)
    let text: string
    if (this.#restBytes === 0) {
      text = bytes.toString('utf8', 0, end)
    } else {
      this.#rest.push(bytes.subarray(0, end))
      text = Buffer.concat(this.#rest).toString()
      this.#rest = []
      this.#restBytes = 0
    }
    if (end < bytes.length) this.#keep(bytes.subarray(end))
    this.#lines(text)
  }

  /** The stream is over: calls back with an event that no blank line closed. It may be cut, or just ended like that. */
  end(): void {
    const line = Buffer.concat(this.#rest).toString()
    this.#rest = []
    this.#lines(`${line}\n\n`)
  }

  #keep(bytes: Buffer): void {
    this.#rest.push(bytes)
    this.#restBytes += bytes.length
    if (this.#restBytes > maxEventBytes) throw new RangeError(`A line is longer than ${maxEventBytes} bytes.`)
  }

  #lines(text: string): void {
    let from = 0
    if (!this.#started) {
      this.#started = true
      if (text.charCodeAt(0) === 0xfeff) from = 1 // a byte order mark
    }
    for (let at = text.indexOf('\n', from); at !== -1; from = at + 1, at = text.indexOf('\n', from)) {
      const end = at > from && text.charCodeAt(at - 1) === 0x0d ? at - 1 : at
      if (end > from) this.#line(text, from, end)
      else if (this.#data !== null) {
        const data = this.#data
        this.#data = null
        this.#onData(data)
      }
    }
  }

  #line(text: string, from: number, end: number): void {
    if (!text.startsWith('data', from)) return
    const colon = from + 4
    if (colon === end) return this.#add('')
    if (text.charCodeAt(colon) !== 0x3a) return
    const value = text.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1
    this.#add(text.slice(value, end))
  }

  #add(line: string): void {
    this.#data = this.#data === null ? line : `${this.#data}\n${line}`
    if (this.#data.length > maxEventBytes) throw new RangeError(`An event is longer than ${maxEventBytes} bytes.`)
  }
}
