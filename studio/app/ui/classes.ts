/** Class names that hold, in one string: `classes('field', wide && 'w-full')`. */
export function classes(...given: readonly (string | false | null | undefined)[]): string {
  return given.filter(Boolean).join(' ')
}
