import { AsyncvError } from '../errors.ts'

/** What an id names, or the error that says that it names nothing. */
export async function known<Value>(
  what: 'task' | 'message' | 'session' | 'delivery',
  id: string,
  value: Promise<Value | null>,
): Promise<Value> {
  const found = await value
  if (found !== null) return found
  throw new AsyncvError(`${what}_unknown`, `There is no ${what} ${JSON.stringify(id)}.`)
}
