import type { Words } from '../../words/english.ts'

/** What a place in a route is called. */
export function routeLabel(pointer: string, words: Words): string {
  if (pointer === '/connector') return words.routes.connector
  return pointer === '/agent' ? words.routes.agent : pointer.slice(1)
}
