import type { Words } from '../words/english.ts'
import { fieldError } from './problem.ts'
import { sayProblem } from './say-problem.ts'

/** Of a form's field, what an entry needs. */
interface FormField {
  name: string
  state: { value: string; meta: { errors: readonly (string | undefined)[] } }
  handleChange(value: string): void
}

/**
 * What an entry of `ui` takes of a form's field: its value, and what is wrong with it, as the form says or, once sent, Studio:
 * in the words of the page where they are given.
 */
export function boundTo(field: FormField, failure: unknown, words?: Words) {
  const told = fieldError(failure, `/${field.name}`)
  return {
    value: field.state.value,
    onChange: (value: string) => field.handleChange(value),
    error: field.state.meta.errors[0] ?? (told !== undefined && words ? sayProblem(told, words) : told),
  }
}
