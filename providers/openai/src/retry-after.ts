/** Response headers as both transports give them: lower-case names. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * How long a service asks to wait, ms: `retry-after-ms` as OpenAI and Azure send it, else `Retry-After` in seconds or as
 * a date (RFC 9110, 10.2.3). Undefined when neither is there or readable.
 */
export function retryAfterMs(headers: ResponseHeaders, now: number): number | undefined {
  const ms = numberIn(headers['retry-after-ms'])
  if (ms !== undefined) return ms
  const header = headers['retry-after']
  const seconds = numberIn(header)
  if (seconds !== undefined) return seconds * 1_000
  const date = typeof header === 'string' ? Date.parse(header) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

function numberIn(header: ResponseHeaders[string]): number | undefined {
  if (typeof header !== 'string' || header.trim() === '') return undefined
  const number = Number(header)
  return Number.isFinite(number) && number >= 0 ? number : undefined
}
