import { stripVTControlCharacters } from 'node:util'

/** Scripts whose signs take two columns, fullwidth forms, and emoji that are shown as pictures by themselves. */
const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\p{Emoji_Presentation}\u2e80-\u303e\u3190-\u4dbf\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6]/u
const halfwidthForms = /^[\uff61-\uffdc\u303f]/
const pictured = /\ufe0f/
const unseen = /^[\p{Mark}\p{Control}\p{Format}]+$/u
const plain = /^[\x20-\x7e]*$/

/** Made when it is needed: it loads tables of its own. */
let segmenter: Intl.Segmenter | undefined

/** What a reader takes for one sign each. */
export function signsOf(text: string): string[] {
  if (plain.test(text)) return [...text]
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

/** Columns that a text takes in a terminal; colours take none. */
export function widthOf(text: string): number {
  const bare = stripVTControlCharacters(text)
  if (plain.test(bare)) return bare.length
  return signsOf(bare).reduce((sum, sign) => sum + widthOfSign(sign), 0)
}

export function widthOfSign(sign: string): 0 | 1 | 2 {
  if (unseen.test(sign)) return 0
  return (wide.test(sign) && !halfwidthForms.test(sign)) || pictured.test(sign) ? 2 : 1
}

/** The beginning that fits into so many columns, with a mark where something was left off. */
export function fit(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  let left = columns - 1
  for (const sign of signsOf(text)) {
    left -= widthOfSign(sign)
    if (left < 0) break
    kept += sign
  }
  return `${kept}…`
}

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)))
}

export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - widthOf(text))) + text
}
