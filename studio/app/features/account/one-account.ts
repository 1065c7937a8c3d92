import { service } from '../../api/place.ts'

/**
 * The cookie is the browser's: who signs in in one window is signed in in all of them. A window that shows somebody else then
 * begins anew, before what one person typed is saved in the name of another. On another host each tab has a token of its own.
 */
const place = 'studio.account'

/** The id of whom this window shows; null while nobody is known. */
let shown: string | null = null

/** Studio says that it is this account that asks. */
export function showAccount(id: string): void {
  if (service !== '') return
  if (shown !== null && shown !== id) return location.reload()
  shown = id
  try {
    localStorage.setItem(place, id)
  } catch {
    // Then it is noticed when Studio is next asked.
  }
}

/** Nobody is signed in here, or somebody is about to be. */
export function leaveAccount(): void {
  shown = null
}

addEventListener('storage', ({ key, newValue }) => {
  if (key === place && service === '' && shown !== null && newValue !== null && newValue !== shown) location.reload()
})
