import { z } from 'zod'

/** Nobody reads more of one sentence. */
const mostCharacters = 2_000

/**
 * A text of a runtime that is kept here, and told on. A runtime may be anybody's: of what has no end only the beginning is
 * kept, and halves of letters, which the audit log cannot hold, are none.
 */
export const said = z.string().transform((text) => text.slice(0, mostCharacters).toWellFormed())
