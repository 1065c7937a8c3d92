/** What a browser is told of a runtime's answer beside its body. A runtime may be anybody's, and its answers are at Studio's own address. */

const back = [
  'accept-ranges',
  'content-disposition',
  'content-length',
  'content-range',
  'etag',
  'preference-applied',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'x-asyncv-session',
  'x-asyncv-task',
]

/** What a browser may take as what it says it is. A script that somebody uploaded to a runtime is no script of Studio's. */
const harmless =
  /^(application\/(json|problem\+json|jsonl|x-ndjson)|text\/(event-stream|plain|csv)|image\/(png|jpeg|gif|webp)|(audio|video)\/[\w.-]+)$/

/** `given` as the client has them: a list where there were several. */
export function headsBack(
  given: Readonly<Record<string, string | string[] | undefined>>,
  requestId: string,
): Record<string, string> {
  const kept = back.flatMap((name) => {
    const value = given[name]
    // What is not ASCII cannot be said in a head as it is.
    return typeof value === 'string' && /^[\t\x20-\x7e]*$/.test(value) ? [[name, value]] : []
  })
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    'cache-control': cachingOf(given['cache-control']),
    'content-type': typeOf(given['content-type']),
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    'x-request-id': requestId,
  }
}

/** Taken apart and put together again, since browsers look for a type that they know behind a comma, too. */
function typeOf(given: string | string[] | undefined): string {
  const [type = '', ...parameters] = String(given ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const isPlain = harmless.test(type) && !parameters.some((parameter) => parameter.includes(','))
  if (!isPlain) return 'application/octet-stream'
  return parameters.some((parameter) => /^charset="?utf-8"?$/.test(parameter)) ? `${type}; charset=utf-8` : type
}

/** Kept by nobody but the browser that asked, whoever else might be on the way. */
function cachingOf(given: string | string[] | undefined): string {
  return given === 'private, no-cache' ? given : 'no-store'
}
