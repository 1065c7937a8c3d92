import { z } from 'zod'

/** A text or an id in the URL: what is searched for, or filtered by. What is no such thing is left out. */
export const searchText = z.string().min(1).max(200).optional().catch(undefined)
