import { randomBytes } from 'node:crypto'
import { type LogFilter, type LogLine, matches, parseLine, roughly } from './log-line.ts'

export interface LogBookOptions {
  /** Most lines that are kept; the oldest give way. Default 5,000. */
  maxLines?: number
  /** What they may take together. Characters, default 4,194,304. */
  maxSize?: number
  /** Where the same lines are written to, one after the other, by whoever started the process; older ones are read there. Default: nowhere. */
  file?: string
}

export interface Following extends LogFilter {
  /** The id of the last line that was seen. Of an earlier process it means: all that this one has. */
  after?: string
  /** Without `after`: how many of the lines that there are come first. Default 0. */
  last?: number
  signal: AbortSignal
}

/** Longer lines keep their message and lose their fields. Characters. */
const longest = 16_384

/**
 * The last lines of a log, in memory. It is a destination for pino, beside the one where lines go anyway, and keeps them as
 * they were written: they are parsed for who reads, not while work is done. Readers have each a place of their own in it; one
 * that is slow makes nobody wait, and is told how many lines it missed.
 */
export class LogBook {
  readonly file: string | null
  /** Tells the lines of this process from those of the one before. */
  readonly #name = randomBytes(4).toString('hex')
  readonly #max: { lines: number; size: number }
  readonly #lines: string[] = []
  /** The number of the first line that is kept; they are counted from 1. */
  #first = 1
  #size = 0
  #closed = false
  /** Readers that have seen all there is. */
  readonly #waiting = new Set<() => void>()

  constructor({ maxLines = 5_000, maxSize = 4_194_304, file }: LogBookOptions = {}) {
    this.#max = { lines: maxLines, size: maxSize }
    this.file = file ?? null
  }

  /** Called by pino for each line. */
  write(text: string): void {
    const kept = text.length > longest ? shortened(text) : text
    this.#lines.push(kept)
    this.#size += kept.length
    while (this.#lines.length > this.#max.lines || this.#size > this.#max.size) {
      this.#size -= this.#lines.shift()?.length ?? 0
      this.#first++
    }
    if (this.#waiting.size > 0) this.#wake()
  }

  /** The last `limit` lines that fit, oldest first. */
  read(filter: LogFilter, limit: number): LogLine[] {
    const found: LogLine[] = []
    const mayMatch = roughly(filter)
    for (let n = this.#end - 1; n >= this.#first && found.length < limit; n--) {
      if (!mayMatch(this.#lines[n - this.#first] ?? '')) continue
      const line = this.#at(n)
      if (line !== null && matches(line, filter)) found.push(line)
    }
    return found.reverse()
  }

  /** When the oldest line that is kept was written; null while there is none. */
  get since(): number | null {
    return this.#lines.length === 0 ? null : (this.#at(this.#first)?.at ?? null)
  }

  /** Lines as they come, until the signal is aborted or the book is closed and all of it was seen. */
  async *follow({ after, last = 0, signal, ...filter }: Following): AsyncGenerator<LogLine | { missed: number }> {
    let next = after === undefined ? this.#placeOfLast(last, filter) : this.#placeBehind(after)
    while (!signal.aborted) {
      if (next < this.#first) {
        yield { missed: this.#first - next }
        next = this.#first
      } else if (next < this.#end) {
        const line = this.#at(next)
        next++
        if (line !== null && matches(line, filter)) yield line
      } else if (this.#closed) return
      else await this.#more(signal)
    }
  }

  /** Nothing comes any more: readers end once they have seen what there is. For a service that ends. */
  close(): void {
    this.#closed = true
    this.#wake()
  }

  get #end(): number {
    return this.#first + this.#lines.length
  }

  #at(n: number): LogLine | null {
    return parseLine(this.#lines[n - this.#first] ?? '', `${this.#name}:${n}`)
  }

  #placeOfLast(count: number, filter: LogFilter): number {
    const [oldest] = count === 0 ? [] : this.read(filter, count)
    return oldest === undefined ? this.#end : numberIn(oldest.id ?? '')
  }

  #placeBehind(id: string): number {
    return id.startsWith(`${this.#name}:`) ? Math.min(numberIn(id) + 1, this.#end) : 1
  }

  #more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const leave = (): void => {
        this.#waiting.delete(leave)
        signal.removeEventListener('abort', leave)
        resolve()
      }
      this.#waiting.add(leave)
      signal.addEventListener('abort', leave)
    })
  }

  #wake(): void {
    for (const leave of [...this.#waiting]) leave()
  }
}

/** What ids look like; anything else was never given out. */
export const lineId = /^[0-9a-f]{8}:[1-9]\d{0,14}$/

function numberIn(id: string): number {
  return Number(id.slice(id.indexOf(':') + 1))
}

function shortened(text: string): string {
  const line = parseLine(text, null)
  if (line === null) return ''
  const { level, time } = JSON.parse(text) as { level: number; time: number }
  return JSON.stringify({ level, time, msg: line.message.slice(0, 1_000), cut: `a line of ${text.length} characters` })
}
