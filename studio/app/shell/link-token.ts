import { redirect } from '@tanstack/react-router'
import { create, useStore } from '../ui/store.ts'

/** What a one-time link carried, in memory alone: a reload needs the link again. */
const token = create<string | null>(null)

/**
 * Takes the token out of the address, where it would stay in the history and on screen. For `beforeLoad` of the pages
 * that links lead to.
 */
export function takeToken({ hash, pathname }: { hash: string; pathname: string }): void {
  if (hash === '') return
  token.set(hash)
  throw redirect({ to: pathname as '/first-run', hash: '', replace: true })
}

export function useToken(): string | null {
  return useStore(token)
}
