import type { Words } from '../../words/english.ts'
import { namesOf } from './schema/names.ts'

/** What a place in a connector or a model service is called. */
export function partLabel(pointer: string, words: Words): string {
  const [first = '', ...rest] = pointer.slice(1).split('/')
  if (first === 'type') return words.parts.type
  if (first !== 'options') return first
  const steps = rest.map((step) => (/^\d+$/.test(step) ? Number(step) : step))
  const labels = steps.map((step, at) =>
    typeof step === 'number'
      ? String(step + 1)
      : // The names of headers are free. There is no schema here to tell; the form has one, and calls them so in `map-field.tsx`.
        steps[at - 1] === 'headers'
        ? step
        : namesOf(steps.slice(0, at + 1), {}, words).label,
  )
  return labels.length === 0 ? words.parts.options : labels.join(' › ')
}
