/**
 * Cuts Markdown into slices of at most `limit` UTF-16 code units (at least 8). Prefers to cut between paragraphs, then
 * lines, sentences, words, characters as a person sees them; never inside a surrogate pair. A code fence that fits one
 * slice stays whole; a longer one is closed at the cut and opened again, with its language, in the next slice. White
 * space at a cut is dropped, nothing else. No slice is blank, so a blank text has none.
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
    const cut = cutAt(rest, limit - opening.length, open, limit)
    const torn: Fence | null = fenceAfter(rest.slice(0, cut), open, limit)
    const body = opening + rest.slice(0, cut).trimEnd()
    rest = rest.slice(cut)
    if (torn === null) {
      if (body !== '') slices.push(body)
      rest = withoutBlankLines(rest)
      open = null
    } else {
      slices.push(`${body}\n${torn.mark}`)
      const closing = closingLine(rest, torn)
      rest = closing === null ? rest : withoutBlankLines(rest.slice(closing.length))
      open = closing === null ? torn : null
    }
  }
  return slices
}

/** A code fence (spec.commonmark.org/0.31.2/#fenced-code-blocks), indented by a list or not. */
interface Fence {
  /** What opens it again, such as "```ts". */
  line: string
  mark: string
}

const fenceLine = /^[ \t]*(?:(`{3,})([^`]*)|(~{3,})(.*))$/
const paragraphEnd = /\n[ \t]*\n/g
const lineEnd = /\n/g
const sentenceEnd = /[.!?…]["'”’)\]]*\s+|[。！？]["'”’」』）]*\s*/g
const wordEnd = /\s+/g

/** Where to cut a text that does not fit `room`: before a fence rather than inside it, else at the best boundary. */
function cutAt(text: string, room: number, open: Fence | null, limit: number): number {
  const fence = open ?? openFence(text.slice(0, room), limit)
  if (fence === null) return boundary(text, room, [paragraphEnd, lineEnd, sentenceEnd, wordEnd])
  if (open === null && fence.start > 0 && (fence.start > room / 2 || fenceFits(text.slice(fence.start), fence, limit))) {
    return fence.start
  }
  const space = room - fence.mark.length - 1
  const inside = boundary(text, space, [lineEnd, wordEnd])
  // A line that is about to close the fence is no place to cut behind: nothing of the code would be left for a fence.
  return inside
}
