import type { StreamEvent } from 'asyncv'

/**
 * What of a task's live text a reader gets who cannot take anything back. The text of one model call follows that of the
 * one before after a blank line. When a call starts over, what it writes again is left out as far as it is the same.
 */
export class Spoken {
  #n: number | null = null
  /** What the reader has of this call. */
  #said = ''
  /** What the call has written, which is less for a while after it started over. */
  #written = ''

  /** The piece to say now; empty for none. */
  take(event: StreamEvent): string {
    switch (event.type) {
      case 'text.snapshot':
        this.#begin(event.n)
        this.#written = event.text
        return this.#rest()
      case 'text.delta':
        this.#begin(event.n)
        this.#written += event.text
        return this.#rest()
      case 'text.reset':
        this.#written = ''
        return ''
      case 'task.finished':
        // Who joins a task that is about to end may have heard nothing of it.
        this.#written = event.text
        return this.#rest()
      default:
        return ''
    }
  }

  #separator = ''

  #begin(n: number): void {
    if (this.#n === n) return
    this.#separator = this.#said === '' ? this.#separator : '\n\n'
    this.#n = n
    this.#said = ''
    this.#written = ''
  }

  #rest(): string {
    if (this.#written.length <= this.#said.length && this.#said.startsWith(this.#written)) return ''
    const goesOn = this.#written.startsWith(this.#said)
    const piece = goesOn ? this.#written.slice(this.#said.length) : `\n\n${this.#written}`
    const whole = this.#separator + piece
    this.#separator = ''
    this.#said = this.#written
    return whole
  }
}
