/** Where a rendered message is written: text, and the styles of its stretches. */

export interface Style {
  type: 'bold' | 'italic' | 'strikethrough' | 'code' | 'pre' | 'blockquote' | 'text_link'
  /** Of a `text_link`. */
  url?: string
  /** Of a `pre`. */
  language?: string
}

/** A stretch of text with a style (core.telegram.org/bots/api#messageentity). */
export interface Entity extends Style {
  /** In UTF-16 code units, as Telegram and JavaScript count. */
  offset: number
  length: number
}

export interface Rendered {
  text: string
  entities: Entity[]
}

export class Page {
  #text = ''
  readonly #entities: Entity[] = []
  /** The last stretch of each style, so that text that follows at once makes it longer instead of a new one. */
  readonly #stretches = new Map<Style, Entity>()

  write(text: string, styles: readonly Style[] = []): void {
    if (text === '') return
    const offset = this.#text.length
    this.#text += text
    for (const style of styles) {
      const stretch = this.#stretches.get(style)
      if (stretch !== undefined && stretch.offset + stretch.length === offset) {
        stretch.length += text.length
      } else {
        const entity = { ...style, offset, length: text.length }
        this.#entities.push(entity)
        this.#stretches.set(style, entity)
      }
    }
  }

  /** What was written, without white space at its end: Telegram takes that away, and no entity may reach past it. */
  done(): Rendered {
    const text = this.#text.trimEnd()
    const entities: Entity[] = []
    for (const entity of this.#entities) {
      const length = Math.min(entity.length, text.length - entity.offset)
      if (length > 0) entities.push({ ...entity, length })
    }
    return { text, entities }
  }
}
