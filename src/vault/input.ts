import { AsyncvError } from '../errors.ts'
import type { SecretInput } from './secrets.ts'

/** Most secrets in one vault. */
export const mostSecrets = 1_000

const usableName = /^[A-Za-z_][\w.-]{0,127}$/
const longestValue = 65_536
const mostOrigins = 20

/** Throws `input_invalid` with the field that is wrong; never with the value of a secret. */
export function checkedInput({ name, value, origins }: SecretInput): SecretInput {
  if (typeof name !== 'string' || !usableName.test(name)) {
    // Somebody may have put the value in the place of the name.
    throw new AsyncvError('input_invalid', 'The name of a secret has a form that cannot be used.', {
      hint: 'Use up to 128 letters, digits, "_", "." or "-", with a letter or "_" in front, such as OPENAI_API_KEY.',
    })
  }
  if (typeof value !== 'string' || value === '' || value.length > longestValue) {
    throw new AsyncvError('input_invalid', `The value of ${name} is empty or too long.`, {
      hint: `Give 1 to ${longestValue} characters.`,
    })
  }
  // Sealed as UTF-8, it would come out as another one.
  if (!value.isWellFormed()) {
    throw new AsyncvError(
      'input_invalid',
      `The value of ${name} is no text: half a pair of UTF-16 stands alone in it.`,
      {
        hint: 'Give bytes that are no text in base64.',
      },
    )
  }
  return {
    name,
    value,
    ...(origins === undefined ? {} : { origins: origins === null ? null : checkedOrigins(origins) }),
  }
}

/** Origins as URLs have them, without what is said twice. Throws `input_invalid`. */
export function checkedOrigins(given: readonly string[]): string[] {
  const odd = given.find((origin) => originOf(origin) === null)
  if (odd !== undefined || given.length > mostOrigins) {
    // What stands before an "@" may be a password.
    const shown = String(odd).replace(/^([a-z]+:\/\/)?.*@/s, '$1…@')
    const what = odd === undefined ? `${given.length} origins are too many` : `${JSON.stringify(shown)} is no origin`
    throw new AsyncvError('input_invalid', `${what}.`, {
      hint: `Give up to ${mostOrigins}, such as https://api.openai.com.`,
    })
  }
  return [...new Set(given.map((origin) => originOf(origin) ?? ''))]
}

/** Scheme, host and port alone; null for what is none. */
function originOf(text: string): string | null {
  if (typeof text !== 'string' || !URL.canParse(text)) return null
  const { protocol, origin, pathname, search, hash, username, password } = new URL(text)
  const plain = pathname === '/' && `${search}${hash}${username}${password}` === ''
  return plain && (protocol === 'https:' || protocol === 'http:') ? origin : null
}
