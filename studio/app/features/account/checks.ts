import type { Words } from '../../words/english.ts'

/** As the service has it (`newPassword` in its schemas). */
export const leastPassword = 12

/** What is wrong with what was typed, or `undefined`: said when a field is left, and before anything is sent. */
export function checkPassword(value: string, words: Words): string | undefined {
  return [...value].length < leastPassword ? words.account.passwordShort(leastPassword) : undefined
}

export function checkLogin(value: string, words: Words): string | undefined {
  if (value.trim() === '') return words.ui.required
  return /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,63}$/u.test(value.trim()) ? undefined : words.account.loginShape
}

export function checkFilled(value: string, words: Words): string | undefined {
  return value.trim() === '' ? words.ui.required : undefined
}

/** Judges what was typed when the field is left, and, also when nothing was, when the form is sent. */
export function onceTyped(check: (value: string) => string | undefined) {
  return {
    onBlur: ({ value }: { value: string }) => (value === '' ? undefined : check(value)),
    onSubmit: ({ value }: { value: string }) => check(value),
  }
}
