import type { Seen } from '../calling/service-status.ts'

/** What `asyncv status --json` says: all but what is words for people. */
export function statusJson({ whyNone: _, ...seen }: Seen): object {
  return seen
}
