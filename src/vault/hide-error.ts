import { AsyncvError } from '../errors.ts'

/** The error itself, unless its words hold the value of a secret: then one that says the same without it, and has no cause. */
export function hideInError(error: unknown, hide: (text: string) => string): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? hide(error) : error
  const message = hide(error.message)
  if (!(error instanceof AsyncvError)) return message === error.message ? error : new Error(message)
  const { code, retryable, task } = error
  const hint = error.hint === undefined ? undefined : hide(error.hint)
  const problems = error.problems?.map(({ pointer, detail }) => ({ pointer, detail: hide(detail) }))
  const isClean =
    message === error.message &&
    hint === error.hint &&
    (problems ?? []).every(({ detail }, at) => detail === error.problems?.[at]?.detail)
  if (isClean) return error
  return new AsyncvError(code, message, {
    retryable,
    ...(hint === undefined ? {} : { hint }),
    ...(task === undefined ? {} : { task }),
    ...(problems === undefined ? {} : { problems }),
  })
}
