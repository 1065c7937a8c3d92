/**
 * The chunks of one answer mostly differ in nothing but their piece of text. Once the place of the text in a chunk is
 * known, a chunk that is the same before and after it needs no parsing: what stands between, if it is one JSON string
 * without escapes, is the text. Parsing every chunk was a fifteenth of all that a message costs, and most of what each
 * token of a long answer costs.
 */
export class TextPattern {
  #before = ''
  #after = ''
  /** Chunks that did not pay for looking: services may put something new into each, such as a padding. */
  #inVain = 0

  /** The text of a chunk that is like the one last learned from; null when it has to be parsed. */
  textOf(data: string): string | null {
    if (this.#before === '') return null
    const end = data.length - this.#after.length
    if (end <= this.#before.length || !data.startsWith(this.#before) || !data.endsWith(this.#after)) return null
    const text = data.slice(this.#before.length, end)
    if (needsParsing.test(text)) return null
    this.#inVain = 0
    return text
  }

  /** Looks for `text` in a chunk that was parsed and brought nothing else. */
  learn(data: string, text: string): void {
    if (this.#inVain === patience) return
    this.#inVain++
    const escaped = JSON.stringify(text).slice(1, -1)
    // Half of the services put a space after a colon.
    for (const field of ['"content":"', '"content": "']) {
      const at = data.indexOf(`${field}${escaped}"`)
      if (at === -1) continue
      const before = data.slice(0, at + field.length)
      const after = data.slice(before.length + escaped.length)
      // The same may stand elsewhere too: the proof is that a longer text in this place is what is read.
      if (contentOf(`${before}${escaped}?${after}`) !== `${text}?`) continue
      this.#before = before
      this.#after = after
    }
  }
}

/** The first chunk often has the role in it; the second one is like the rest. */
const patience = 3

/** What does not stand for itself in a JSON string: the end of it, escapes, and what must be escaped (RFC 8259, 7). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const needsParsing = /["\\\u0000-\u001f]/

function contentOf(data: string): unknown {
  try {
    return JSON.parse(data).choices[0].delta.content
  } catch {
    return undefined
  }
}
