import { stripVTControlCharacters } from 'node:util'

/** Controls but the ends of lines, and those that turn the direction of writing. */
const controls = /[\p{Control}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/**
 * A text of somebody else for a terminal: it may not move the cursor, change colours or the window's title, or have what
 * stands beside it read backwards. Ends of lines stay.
 */
export function clean(text: string): string {
  return stripVTControlCharacters(text.replaceAll('\r\n', '\n'))
    .replaceAll('\t', '  ')
    .replace(controls, (sign) => (sign === '\n' ? sign : ''))
}

/** The same as one line. */
export function cleanLine(text: string): string {
  return clean(text).replace(/\s*\n\s*/g, ' ')
}
