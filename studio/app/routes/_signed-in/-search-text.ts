import { z } from 'zod'

/**
 * A text or an id in the URL: what is searched for, or filtered by; a text goes as far as a search may. What is no such thing
 * is left out. The router has read digits that stand without quotes as a number by then, so they are the text of that number:
 * `1e3` is `1000`, `1.0` is `1`, and of more than 15 digits the last may be others. Links of Studio put a text that looks like
 * a number in quotes, which keeps it as it is.
 */
export const searchText = z
  .union([z.string().min(1), z.number(), z.boolean()])
  .transform((given) => String(given).slice(0, 200))
  .optional()
  .catch(undefined)
