/** Why a release is not put in force, where nothing is wrong with its envelope. */
import { AsyncvError, type Problem } from '../errors.ts'

export function changed(wanted: string | null, now: string | null): AsyncvError {
  return new AsyncvError('release_changed', `${now ?? 'None'} is in force, not ${wanted ?? 'none'}.`, {
    hint: 'Somebody published meanwhile: look at what is in force now, and publish a release that follows it.',
  })
}

export function invalid(problems: readonly Problem[]): AsyncvError {
  const [first] = problems
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  return new AsyncvError('release_invalid', `${first?.pointer || 'The document'}: ${first?.detail}${more}`, {
    problems,
  })
}

export function leaving(): AsyncvError {
  return new AsyncvError('not_running', 'This runtime is stopping; the release was not applied.', { retryable: true })
}
