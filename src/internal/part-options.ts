/** What the options of a part hold, as a configuration or a release says them. Safe in a browser. */

export type Path = readonly (string | number)[]

/** No options of ours have so many levels; what has more would end at the stack's limit. */
export const deepestOption = 32

/**
 * The URLs that options name, each with its place; those of web sockets as the http(s) ones whose connections they begin as.
 * What is below `webhook` is where the service itself is reached.
 */
export function urlsIn(value: unknown, path: Path = []): { path: Path; url: URL }[] {
  if (typeof value === 'string') {
    // As generous as who uses it later: spaces in front, for one, are no reason to overlook it.
    const text = value.trim()
    if (!URL.canParse(text)) return []
    const url = new URL(new URL(text).href.replace(/^ws/, 'http'))
    return ['http:', 'https:'].includes(url.protocol) ? [{ path, url }] : []
  }
  if (path.length > deepestOption || typeof value !== 'object' || value === null) return []
  const items: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return items.flatMap(([key, item]) => urlsIn(item, [...path, key]))
}

/** Of `{ "$secret": NAME }`; null of anything else. */
export function secretName(value: unknown): string | null {
  if (!isPlainObject(value)) return null
  const { $secret: name, ...others } = value
  return typeof name === 'string' && Object.keys(others).length === 0 ? name : null
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** As JSON and literals make them; an official client in a part's options, say, is handed on as it is. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
