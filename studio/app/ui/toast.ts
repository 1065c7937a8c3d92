import { create } from './store.ts'

export interface ToastOptions {
  /** `danger` stays until it is dismissed. Default `ok`, which goes after 6 s. */
  kind?: 'ok' | 'danger'
  text?: string
  /** Takes back what was done: shown as "Undo". */
  undo?(): void
  undoLabel?: string
}

export interface Said extends ToastOptions {
  title: string
}

/** What was said and is not shown yet. */
export const said = create<readonly Said[]>([])

/** Says in a corner what has been done; for what failed in a form, say it in the form. */
export function toast(title: string, options: ToastOptions = {}): void {
  said.set([...said.get(), { title, ...options }])
}
