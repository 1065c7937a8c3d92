import { z } from 'zod'
import { searchText } from './-search-text.ts'

// Apart from the pages: addresses are read before it is known which page is needed.

/** What the address of a list says. */
export const listSearch = z.object({
  search: searchText,
  deleted: z.boolean().optional().catch(undefined),
  create: z.boolean().optional().catch(undefined),
})
export type ListSearch = z.output<typeof listSearch>

/** What the list is read again for. */
export function listDeps({ search: { search, deleted } }: { search: ListSearch }) {
  return { search, deleted }
}

/** What the address of an item says beside its name. */
export const itemSearch = z.object({
  view: z.literal('history').optional().catch(undefined),
  from: z.int().min(1).optional().catch(undefined),
  to: z.int().min(1).optional().catch(undefined),
})
export type ItemSearch = z.output<typeof itemSearch>
