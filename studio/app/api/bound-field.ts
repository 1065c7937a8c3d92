import { fieldError } from './problem.ts'

/** Of a form's field, what an entry needs. */
interface FormField {
  name: string
  state: { value: string; meta: { errors: readonly (string | undefined)[] } }
  handleChange(value: string): void
}

/** What an entry of `ui` takes of a form's field: its value, and what is wrong with it, as the form says or, once sent, Studio. */
export function boundTo(field: FormField, failure: unknown) {
  return {
    value: field.state.value,
    onChange: (value: string) => field.handleChange(value),
    error: field.state.meta.errors[0] ?? fieldError(failure, `/${field.name}`),
  }
}
