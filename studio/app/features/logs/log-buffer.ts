import { filtered, type Kept, kept, type LogFilter, type LogLine } from './log-filter.ts'

export interface LogView {
  /** Those that fit, oldest first. The same array while nothing changes. */
  rows: readonly Kept[]
  /** How many there are, and how many more came while the view stood still. */
  held: number
  waiting: number
  /** Lines that were given up here since there were too many, and that the runtime did not keep for this reader. */
  dropped: number
  missed: number
  paused: boolean
}

/** Lines that one page keeps; the oldest give way, a twentieth at once. */
export const mostLines = 100_000

/**
 * The lines of one runtime, as one page has them. Lines are gathered as they come and shown together (`flush`); a view that
 * stands still gathers on, so that going on loses nothing.
 */
export class LogBuffer {
  readonly #most: number
  #lines: Kept[] = []
  #coming: Kept[] = []
  #earlier: readonly LogLine[] = []
  #before: Kept[] = []
  #rows: Kept[] = []
  #fits = filtered({})
  /** The greatest number so far, and what is added to the numbers of each process of the runtime. */
  #last = 0
  readonly #bases = new Map<string, number>()
  #dropped = 0
  #missed = 0
  #paused = false
  #view: LogView = { rows: [], held: 0, waiting: 0, dropped: 0, missed: 0, paused: false }
  readonly #listeners = new Set<() => void>()

  constructor(most = mostLines) {
    this.#most = most
  }

  readonly get = (): LogView => this.#view
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** It is shown with the next `flush`. */
  add(line: LogLine): void {
    this.#coming.push(kept(line, this.#numberOf(line)))
    if (this.#coming.length > this.#most) {
      const over = Math.ceil(this.#most / 20)
      this.#coming.splice(0, over)
      this.#dropped += over
    }
  }

  miss(count: number): void {
    this.#missed += count
  }

  flush(): void {
    if (this.#paused || this.#coming.length === 0) return this.#say()
    const isFirst = this.#lines.length === 0
    this.#lines.push(...this.#coming)
    const fitting = this.#coming.filter(this.#fits)
    this.#coming = []
    const over = this.#lines.length - this.#most
    if (over > 0) this.#give(Math.max(over, Math.ceil(this.#most / 20)))
    if (isFirst) return this.#gather()
    if (fitting.length > 0) this.#rows = [...this.#rows, ...fitting]
    this.#say()
  }

  pause(paused: boolean): void {
    this.#paused = paused
    this.flush()
  }

  /** Looks through all that is here at once, and puts before it what the runtime found further back. */
  look(filter: LogFilter, earlier: readonly LogLine[]): void {
    this.#fits = filtered(filter)
    this.#earlier = earlier
    this.#gather()
  }

  /** The runtime counts its lines in their ids, from 1 with each start: the same line has the same number, whichever way it came. */
  #numberOf({ id }: LogLine): number {
    const [book = '', count] = (id ?? '').split(':')
    if (!this.#bases.has(book)) this.#bases.set(book, this.#last)
    const n = (this.#bases.get(book) ?? 0) + (Number(count) || 1)
    this.#last = Math.max(this.#last, n)
    return n
  }

  #gather(): void {
    const first = this.#lines[0]?.line
    const older = first === undefined ? this.#earlier : this.#earlier.filter((line) => isOlder(line, first))
    const unnumbered = older.filter(({ id }) => id === null).length
    this.#before = older.map((line, at) => kept(line, line.id === null ? at - unnumbered + 1 : this.#numberOf(line)))
    this.#rows = [...this.#before.filter(this.#fits), ...this.#lines.filter(this.#fits)]
    this.#say()
  }

  /** What was found further back goes first. */
  #give(count: number): void {
    this.#earlier = []
    this.#before = []
    this.#lines.splice(0, count)
    this.#dropped += count
    const first = this.#lines[0]?.n ?? 0
    this.#rows = this.#rows.filter(({ n }) => n >= first)
  }

  #say(): void {
    const next: LogView = {
      rows: this.#rows,
      held: this.#lines.length,
      waiting: this.#coming.length,
      dropped: this.#dropped,
      missed: this.#missed,
      paused: this.#paused,
    }
    const now = this.#view
    if (Object.entries(next).every(([name, value]) => now[name as keyof LogView] === value)) return
    this.#view = next
    for (const listener of [...this.#listeners]) listener()
  }
}

/** Whether a line comes before the first that is here. Ids of one process are counted; times of two lines may be the same. */
function isOlder({ id, at }: LogLine, first: LogLine): boolean {
  const [book, n] = (id ?? '').split(':')
  const [firstBook, firstN] = (first.id ?? '').split(':')
  return book !== '' && book === firstBook ? Number(n) < Number(firstN) : at <= first.at
}
