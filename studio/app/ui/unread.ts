import { createContext, useContext } from 'react'

/** Texts that are not yet what they are meant to be, by the JSON pointer of their place: JSON with a brace missing. */
export type UnreadTexts = Readonly<Record<string, string>>

export interface Unread {
  texts: UnreadTexts
  /** Keeps what is typed at a place as it is; `null` once it can be read. */
  keep(pointer: string, text: string | null): void
}

/** Given by a form that keeps such texts with what else is typed in it, and is not sent while there are any. */
export const UnreadContext = createContext<Unread | null>(null)

export function useUnread(): Unread {
  const unread = useContext(UnreadContext)
  if (unread === null) throw new Error('Draw entries that may be unreadable inside of an UnreadContext.')
  return unread
}
