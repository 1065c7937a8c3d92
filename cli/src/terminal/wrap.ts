import { signsOf, widthOf, widthOfSign } from './width.ts'

/** Chinese and Japanese punctuation that begins no line. */
const closing = /^[，。、；：？！）」』】》”’]/

/** The lines of a text that is to be so many columns wide. `null`: as they are, since a pipe has no width. */
export function wrap(text: string, columns: number | null): string[] {
  const lines = text.split('\n')
  return columns === null ? lines : lines.flatMap((line) => wrapLine(line, Math.max(8, columns)))
}

function wrapLine(line: string, columns: number): string[] {
  if (widthOf(line) <= columns) return [line]
  const lines: string[] = []
  let current: string[] = []
  for (const piece of piecesOf(line)) {
    if (widthOf(current.join('')) + widthOf(piece.trimEnd()) <= columns) {
      current.push(piece)
      continue
    }
    const taken = closing.test(piece) ? takenAlong(current, columns - widthOf(piece)) : []
    if (current.length > 0) lines.push(current.join('').trimEnd())
    // A word that is longer than a line is cut where the line ends.
    const word = piece.trimEnd()
    const cut = cutAt(word, columns)
    // The space behind it is none of its length, and begins no line.
    const last = `${cut.at(-1)}${piece.slice(word.length)}`
    lines.push(...cut.slice(0, -1))
    current = [...taken, last]
  }
  return current.length === 0 ? lines : [...lines, current.join('').trimEnd()]
}

/** What goes to the next line with a sign that begins none: the one before it, and more where that begins none either. */
function takenAlong(current: string[], columns: number): string[] {
  let from = current.length - 1
  while (from > 0 && closing.test(current[from] ?? '')) from -= 1
  if (from <= 0 || widthOf(current.slice(from).join('')) > columns) return []
  return current.splice(from)
}

/** Words with the space behind them; between wide signs a line may end anywhere. */
function piecesOf(line: string): string[] {
  const pieces: string[] = []
  let word = ''
  for (const sign of signsOf(line)) {
    if (widthOfSign(sign) === 2) {
      if (word !== '') pieces.push(word)
      word = ''
      pieces.push(sign)
    } else if (sign === ' ') {
      pieces.push(`${word} `)
      word = ''
    } else word += sign
  }
  return word === '' ? pieces : [...pieces, word]
}

function cutAt(piece: string, columns: number): string[] {
  const cut: string[] = []
  let current = ''
  for (const sign of signsOf(piece)) {
    if (widthOf(current) + widthOfSign(sign) > columns) {
      cut.push(current)
      current = ''
    }
    current += sign
  }
  return [...cut, current]
}
