import type { Words } from '../words/english.ts'
import { base, service } from './place.ts'

export interface FieldProblem {
  /** A JSON pointer into what was sent, such as `/name`. */
  pointer: string
  detail: string
}

/** What Studio answered instead of what was asked for. */
export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly hint: string | undefined
  readonly requestId: string | undefined
  readonly errors: readonly FieldProblem[]

  constructor(answer: {
    code: string
    status: number
    detail?: string | undefined
    hint?: string | undefined
    requestId?: string | undefined
    errors?: readonly FieldProblem[] | undefined
  }) {
    super(answer.detail ?? answer.code)
    this.name = 'Problem'
    this.code = answer.code
    this.status = answer.status
    this.hint = answer.hint
    this.requestId = answer.requestId
    this.errors = answer.errors ?? []
  }
}

const lost = {
  away: 'Studio cannot be reached.',
  late: 'Studio did not answer in time.',
  cut: 'The answer broke off.',
} as const

/** Studio did not answer at all (`away`), not in time (`late`), or not to the end (`cut`): then what was asked may be done. */
export class ConnectionLost extends Error {
  readonly how: keyof typeof lost

  constructor(how: keyof typeof lost, options?: ErrorOptions) {
    super(lost[how], options)
    this.name = 'ConnectionLost'
    this.how = how
  }
}

export interface Told {
  /** One sentence. */
  title: string
  /** The way out, or the detail where the code has no words of ours. */
  text: string | null
  requestId: string | null
}

/** The one translation from an error to what a person reads. */
export function tell(error: unknown, words: Words): Told {
  const { problems } = words
  if (error instanceof ConnectionLost) {
    return error.how !== 'away'
      ? { title: error.how === 'late' ? problems.timeout : problems.cut, text: null, requestId: null }
      : {
          title: problems.connection,
          text:
            service === ''
              ? problems.connectionHint
              : problems.connectionElsewhere(service, location.origin + base.slice(0, -1)),
          requestId: null,
        }
  }
  if (error instanceof Problem) {
    if (error.code === 'answer_unreadable') return { title: problems.unreadable, text: null, requestId: null }
    const known = Object.hasOwn(problems.codes, error.code) ? problems.codes[error.code] : undefined
    return {
      title: known ?? error.message,
      text: known && error.errors.length === 0 ? null : (error.hint ?? null),
      requestId: error.status >= 500 ? (error.requestId ?? null) : null,
    }
  }
  return { title: problems.unknown, text: error instanceof Error ? error.message : null, requestId: null }
}

export function isForbidden(error: unknown): boolean {
  return error instanceof Problem && error.status === 403
}

export function isMissing(error: unknown): boolean {
  return error instanceof Problem && error.status === 404
}

/** The complaints about one field of what was sent: `fieldError(error, '/login')`. */
export function fieldError(error: unknown, pointer: string): string | undefined {
  return error instanceof Problem ? error.errors.find((one) => one.pointer === pointer)?.detail : undefined
}

/** As `tell`, or null where these fields say all that is wrong: to say it above them too would be to say it twice. */
export function tellUnplaced(error: unknown, fields: readonly string[], words: Words): Told | null {
  if (error === null || error === undefined) return null
  const places = error instanceof Problem ? error.errors.map(({ pointer }) => pointer) : []
  const isSaid = places.length > 0 && places.every((place) => fields.includes(place.slice(1)))
  return isSaid ? null : tell(error, words)
}
