/** Whether it was SQLite that found a file damaged, however deep in the causes. */
export function isDamage(error: unknown): boolean {
  return sayIt(error, /CORRUPT|malformed/)
}

/** Or that it found no database at all. */
export function isNoDatabase(error: unknown): boolean {
  return sayIt(error, /NOTADB|not a database/)
}

function sayIt(error: unknown, what: RegExp): boolean {
  const { code, message, cause } = Object(error) as { code?: string; message?: string; cause?: unknown }
  if (what.test(`${code} ${message}`)) return true
  return cause === undefined || cause === null ? false : sayIt(cause, what)
}
