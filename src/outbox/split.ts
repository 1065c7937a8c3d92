/**
 * Cuts Markdown into slices of at most `limit` UTF-16 code units (at least 16). Prefers to cut between paragraphs, then
 * lines, sentences, words, characters as a person sees them; never inside a surrogate pair. A code fence that fits one
 * slice stays whole; a longer one is closed at the cut and opened again, with its language, in the next slice. White
 * space at a cut is dropped, nothing else. No slice is blank; a blank text has none.
 */
export function splitText(text: string, limit: number): string[] {
  const slices: string[] = []
  let rest = withoutBlankLines(text.trimEnd())
  let open: Fence | null = null
  while (rest !== '') {
    const opening: string = open === null ? '' : `${open.line}\n`
    if (opening.length + rest.length <= limit) {
      slices.push(opening + rest)
      break
    }
    const cut = cutAt(rest, open, limit - opening.length, limit)
    const slice = rest.slice(0, cut)
    rest = rest.slice(cut)
    open = scanFences(slice, open, limit).open
    const closing = open === null ? '' : `\n${open.mark}`
    if (slice.trim() !== '') slices.push(opening + slice.trimEnd() + closing)
    const [line = ''] = rest.split('\n', 1)
    if (open !== null && slice.endsWith('\n') && closes(line, open)) {
      // All that was left of the fence was its end, and that is written.
      rest = rest.slice(line.length)
      open = null
    }
    if (open === null) rest = withoutBlankLines(rest)
  }
  return slices
}

const paragraphEnd = /\n[ \t]*\n/g
const lineEnd = /\n/g
const sentenceEnd = /[.!?…]["'”’)\]]*\s+|[。！？]["'”’」』）]*\s*/g
const wordEnd = /\s+/g
const codeWordEnd = /[ \t]+/g

/** Where to cut a text that is longer than `room`: before a fence if that keeps it whole, else at the best boundary. */
function cutAt(text: string, fenceBefore: Fence | null, room: number, limit: number): number {
  const { open, closedAt } = scanFences(text.slice(0, room + 1), fenceBefore, limit)
  // A boundary in the first half would make for many short messages.
  if (open === null) {
    return boundary(text, room, Math.max(room / 2, closedAt), [paragraphEnd, lineEnd, sentenceEnd, wordEnd])
  }
  if (open.start > room / 2 || (open.start > 0 && fitsWhole(text.slice(open.start), limit))) return open.start
  const roomInside = room - open.mark.length - 1
  return boundary(text, roomInside, Math.max(roomInside / 2, open.content + 1), [lineEnd, codeWordEnd])
}

/**
 * The last boundary between `least` and `room` of the first kind that has one there; else between two characters. White
 * space may stand just past the room, for it is dropped.
 */
function boundary(text: string, room: number, least: number, kinds: RegExp[]): number {
  const window = text.slice(0, /\s/.test(text.charAt(room)) ? room + 1 : room)
  for (const kind of kinds) {
    let last = 0
    for (const match of window.matchAll(kind)) last = match.index + match[0].length
    if (last >= least && last > 0) return last
  }
  return characterBoundary(text, room)
}

/** The start of the character that `at` falls into. What is longer than 64 code units is none that a person sees. */
function characterBoundary(text: string, at: number): number {
  const from = Math.max(0, at - 64)
  const near = new Intl.Segmenter().segment(text.slice(from, at + 64)).containing(at - from)
  const start = from + (near?.index ?? 0)
  if (start > from) return start
  return isLowSurrogate(text.charCodeAt(at)) ? at - 1 : at
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}

/** A code fence (spec.commonmark.org/0.31.2/#fenced-code-blocks), whether or not a list indents it. */
interface Fence {
  /** What opens it, such as "```ts". */
  line: string
  mark: string
  /** Where its opening line and its code begin in the text that was scanned; 0 when they were before it. */
  start: number
  content: number
}

const fenceLine = /^[ \t]*(?:(`{3,})[^`]*|(~{3,}).*)$/

/** The fence that is open at the end of a text, and where its last closed one ended. Takes no line that is cut short. */
function scanFences(text: string, before: Fence | null, limit: number): { open: Fence | null; closedAt: number } {
  let open = before === null ? null : { ...before, start: 0, content: 0 }
  let closedAt = 0
  let start = 0
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    const line = text.slice(start, end)
    const content = end + 1
    if (open === null) open = openedBy(line, start, content, limit)
    else if (closes(line, open)) {
      open = null
      closedAt = content
    }
    start = content
  }
  return { open, closedAt }
}

function openedBy(line: string, start: number, content: number, limit: number): Fence | null {
  // Written at both ends of a slice, a longer line would leave too little between them; it is taken as prose.
  if (line.length > limit / 4) return null
  const match = fenceLine.exec(line)
  const mark = match?.[1] ?? match?.[2]
  return mark === undefined ? null : { line: line.trim(), mark, start, content }
}

function closes(line: string, { mark }: Fence): boolean {
  const written = line.trim()
  return written.startsWith(mark) && written === (mark[0] ?? '').repeat(written.length)
}

/** Whether a text that begins with a fence has its end within one slice. */
function fitsWhole(text: string, limit: number): boolean {
  return text.length <= limit || scanFences(text.slice(0, limit + 1), null, limit).closedAt > 0
}

function withoutBlankLines(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, '')
}
