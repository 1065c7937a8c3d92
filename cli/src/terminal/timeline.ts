import { clean, cleanLine } from './clean.ts'
import type { Screen } from './screen.ts'
import { durationOf } from './time.ts'
import { padEnd, padStart, widthOf } from './width.ts'
import { wrap } from './wrap.ts'

/** How a line of a timeline ended: well, badly, nobody knows how, not yet; or it is a mere fact. */
export type Mark = 'fact' | 'good' | 'bad' | 'doubt' | 'open'

export interface TimelineLine {
  /** ms since the epoch; `null` for what is so now. */
  at: number | null
  mark: Mark
  text: string
  /** How long it took. ms. */
  tookMs?: number
  /** More of it, which may be long. */
  note?: string
}

const signs: Record<Mark, string> = { fact: '●', good: '✓', bad: '✗', doubt: '?', open: '○' }
/** No wider, or the notes begin too far away from the short lines. Columns of the terminal. */
const widestText = 36

/** Lines in the order of time, each with how long after the first it was. `now` is what stands before what is not over. */
export function drawTimeline(lines: readonly TimelineLine[], now: string, screen: Screen): string {
  const { paint, columns } = screen
  const sorted = lines.map(cleaned).toSorted(byTime)
  const start = sorted[0]?.at ?? 0
  const when = sorted.map(({ at }) => (at === null ? now : `+${durationOf(at - start)}`))
  const whenWidth = Math.max(...when.map(widthOf), 0)
  const took = sorted.map(({ tookMs }) => (tookMs === undefined ? '' : durationOf(tookMs)))
  const tookWidth = Math.max(...took.map(widthOf), 0)
  const textWidth = Math.min(widestText, Math.max(...sorted.map(({ text }) => widthOf(text)), 0))
  const colors: Record<Mark, (text: string) => string> = {
    fact: paint.dim,
    good: paint.green,
    bad: paint.red,
    doubt: paint.yellow,
    open: paint.cyan,
  }
  return sorted
    .flatMap(({ mark, text, note = '' }, index) => {
      const color = colors[mark]
      const head = `${paint.dim(padStart(when[index] ?? '', whenWidth))}  ${color(signs[mark])} `
      const lead = whenWidth + 4
      const rest = [padEnd(text, textWidth), ...(tookWidth === 0 ? [] : [padStart(took[index] ?? '', tookWidth)])]
      const line = rest.join('  ')
      if (note === '') return [`${head}${line}`.trimEnd()]
      const indent = lead + widthOf(line) + 2
      const beside = wrap(note, columns === null ? null : columns - indent)
      const below = wrap(note, columns === null ? null : columns - lead)
      // Below the line where that is no longer: an id that is cut in two is no id to copy.
      const [first = '', ...more] =
        columns === null || beside.length === 1 || beside.length <= below.length ? beside : ['']
      if (first !== '') {
        return [`${head}${line}  ${paint.dim(first)}`, ...more.map((one) => ' '.repeat(indent) + paint.dim(one))]
      }
      return [`${head}${line}`.trimEnd(), ...below.map((one) => ' '.repeat(lead) + paint.dim(one))]
    })
    .join('\n')
}

/** What others wrote does nothing to a terminal. */
function cleaned({ text, note, ...line }: TimelineLine): TimelineLine {
  return { ...line, text: cleanLine(text), ...(note === undefined ? {} : { note: clean(note) }) }
}

/** What is so now comes last, in the order in which it was told. */
function byTime(a: TimelineLine, b: TimelineLine): number {
  if (a.at === null || b.at === null) return Number(a.at === null) - Number(b.at === null)
  return a.at - b.at
}
