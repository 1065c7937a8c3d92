/** What changed in a text, line by line, as `diff -u` shows it. */
import { diffWordsWithSpace, structuredPatch } from 'diff'
import { clean } from './clean.ts'
import type { Screen } from './screen.ts'
import { widthOf } from './width.ts'
import { wrap } from './wrap.ts'

/** Lines around a change that are shown, too. */
const context = 2

/** Longer than that in one line it is read sentence by sentence. Columns. */
const longLine = 100

/** The lines to print, each behind `indent`. A text that is not there on one side is all new, or all gone. */
export function textChange(before: string, after: string, indent: string, screen: Screen): string[] {
  const [was, is] = [linesOf(before), linesOf(after)]
  const { hunks } = structuredPatch('', '', was, is, '', '', { context })
  const shown = hunks.flatMap(({ lines }, index) => [
    ...(index === 0 ? [] : [`${indent}${screen.paint.dim('  …')}`]),
    ...hunkLines(
      lines.filter((line) => !line.startsWith('\\')),
      indent,
      screen,
    ),
  ])
  return shown
}

/** Ends with a line break always: whether the file had one changes no line. */
function linesOf(text: string): string {
  if (text === '') return ''
  const lines = clean(text).split('\n')
  const sentences = lines.flatMap((line) =>
    widthOf(line) <= longLine ? [line] : line.split(/(?<=[.!?]) (?=\S)|(?<=[。！？])(?=\S)/),
  )
  return `${sentences.join('\n')}\n`
}

function hunkLines(lines: readonly string[], indent: string, screen: Screen): string[] {
  return lines.flatMap((line, at) => {
    const sign = line[0] ?? ' '
    const text = line.slice(1)
    const other = sign === '-' ? lines[at + 1] : lines[at - 1]
    const isPair = sign !== ' ' && other !== undefined && other[0] === (sign === '-' ? '+' : '-') && isAlone(lines, at)
    const room = screen.columns === null ? null : screen.columns - indent.length - 2
    const fits = room === null || widthOf(text) <= room
    if (isPair && fits && screen.paint.isColorSupported) return [indent + inWords(sign, text, other.slice(1), screen)]
    return wrap(text, room).map(
      (part, index) => indent + paintLine(`${index === 0 ? sign : ' '} ${part}`, sign, screen),
    )
  })
}

/** One line for one line: which word became which can be told. */
function isAlone(lines: readonly string[], at: number): boolean {
  const first = lines[at]?.startsWith('-') ? at : at - 1
  return lines[first - 1]?.[0] !== '-' && lines[first + 2]?.[0] !== '+'
}

function inWords(sign: string, text: string, other: string, screen: Screen): string {
  const words = diffWordsWithSpace(sign === '-' ? text : other, sign === '-' ? other : text, {
    intlSegmenter: new Intl.Segmenter(undefined, { granularity: 'word' }),
  })
  const shown = words
    .filter(({ added, removed }) => !(sign === '-' ? added : removed))
    .map(({ value, added, removed }) => (added || removed ? screen.paint.bold(value) : value))
  return paintLine(`${sign} ${shown.join('')}`, sign, screen)
}

function paintLine(line: string, sign: string, { paint }: Screen): string {
  const shown = line.trimEnd()
  return sign === '+' ? paint.green(shown) : sign === '-' ? paint.red(shown) : paint.dim(shown)
}
