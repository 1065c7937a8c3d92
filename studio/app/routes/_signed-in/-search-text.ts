import { z } from 'zod'

/**
 * A text or an id in the URL: what is searched for, or filtered by. Digits, and what else an address has a kind of its own
 * for, are the text that they are written as; a text goes as far as a search may. What is no such thing is left out.
 */
export const searchText = z
  .union([z.string().min(1), z.number(), z.boolean()])
  .transform((given) => String(given).slice(0, 200))
  .optional()
  .catch(undefined)
