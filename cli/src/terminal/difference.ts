/** Draws what a release changes. */
import type { ReleaseCheck } from 'asyncv'
import { type Change, type FieldChange, type ItemChange, secretOf } from '../release/difference.ts'
import { words } from '../words/spoken.ts'
import { cleanLine } from './clean.ts'
import type { Screen } from './screen.ts'
import { textChange } from './text-change.ts'
import { padEnd, widthOf } from './width.ts'
import { wrap } from './wrap.ts'

const signs: Record<Change, string> = { added: '+', removed: '-', changed: '~' }

/** Items that are added, removed and changed, with their fields below. */
export function drawDifference(items: readonly ItemChange[], screen: Screen): string {
  return items.map((item) => drawItem(item, screen)).join('\n')
}

function drawItem({ kind, name, change, fields }: ItemChange, screen: Screen): string {
  const { paint } = screen
  const color = { added: paint.green, removed: paint.red, changed: paint.yellow }[change]
  const head = `${color(signs[change])} ${paint.bold(`${words.deploy.kinds[kind]} ${cleanLine(name)}`)}`
  // What is gone is named, not told once more.
  const told = change === 'removed' ? [] : fields
  return [head, ...told.flatMap((field) => drawField(field, change, screen))].join('\n')
}

/** Longer than that, a text is shown as lines. Columns. */
const shortText = 60

function drawField({ path, before, after }: FieldChange, change: Change, screen: Screen): string[] {
  const { paint } = screen
  const name = cleanLine(path)
  if (isLong(before, after)) {
    const lines = textChange(String(before ?? ''), String(after ?? ''), '      ', screen)
    return [`    ${name}`, ...lines]
  }
  const text = change === 'added' ? shown(after) : `${shown(before)} → ${shown(after)}`
  const room = screen.columns === null ? null : screen.columns - widthOf(name) - 6
  const [first = '', ...more] = wrap(text, room)
  return [
    `    ${name}  ${paint.dim(first)}`,
    ...more.map((line) => `${' '.repeat(widthOf(name) + 6)}${paint.dim(line)}`),
  ]
}

function isLong(...values: unknown[]): boolean {
  const texts = values.filter((value) => value !== undefined)
  if (!texts.every((value) => typeof value === 'string')) return false
  return texts.some((text) => text.includes('\n') || widthOf(text) > shortText)
}

function shown(value: unknown): string {
  if (value === undefined) return words.deploy.nothing
  const secret = secretOf(value)
  if (secret !== null) return words.deploy.secret(cleanLine(secret))
  const list = Array.isArray(value) && value.length > 0 ? value : [value]
  const texts = list.map((item) => (typeof item === 'string' && item !== '' ? item : JSON.stringify(item)))
  return cleanLine(texts.join(', '))
}

/** What becomes of the connectors, those together of which it is the same. Empty when there are none. */
export function drawConnectors(connectors: ReleaseCheck['connectors']): string {
  const lines = (['kept', 'restarted', 'started', 'stopped'] as const).flatMap((effect) => {
    const names = connectors[effect]
    return names.length === 0 ? [] : [{ label: words.deploy.effects[effect], names: names.map(cleanLine).join(', ') }]
  })
  const width = Math.max(0, ...lines.map(({ label }) => widthOf(label)))
  return lines.map(({ label, names }) => `  ${padEnd(label, width)}  ${names}`).join('\n')
}

/** In a few words: `~ agent helper (instructions), + connector tg2`. */
export function brief(items: readonly ItemChange[]): string {
  const one = ({ kind, name, change, fields }: ItemChange): string => {
    const item = `${signs[change]} ${words.deploy.kinds[kind]} ${cleanLine(name)}`
    return change === 'changed'
      ? words.deploy.withFields(item, [...new Set(fields.map(({ path }) => cleanLine(path)))])
      : item
  }
  return words.deploy.listed(items.map(one))
}
