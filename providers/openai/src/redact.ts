import { isSecret, type Secret } from 'asyncv'

/** Takes secrets out of a text that a service wrote, which likes to quote the key it was shown. */
export type Redact = (text: string) => string

/** What looks like a key whoever it belongs to: OpenAI's `sk-…`, masked or not, and anything after `Bearer`. */
const keyLike = /\bsk-[\w*.-]{3,}|\bBearer\s+[^\s"',]+/gi

/** Shorter ones are no secrets, and would make holes in ordinary words. */
const shortestSecret = 6

export function redactor(secrets: readonly (string | Secret)[]): Redact {
  const known = secrets.filter((secret) => typeof secret === 'string' && secret.length >= shortestSecret) as string[]
  const kept = secrets.filter(isSecret)
  return (text) => {
    let clean = kept.reduce((shown, secret) => secret.hide(shown), text)
    for (const secret of known) clean = clean.replaceAll(secret, '[secret]')
    return clean.replaceAll(keyLike, '[secret]')
  }
}
