import type { RefObject } from 'react'

/**
 * The part of the page in which `anchor` stands: what it opens is put there rather than behind everything, where nobody
 * who goes from part to part would find it.
 */
export function landmarkOf(anchor: RefObject<Element | null>): RefObject<HTMLElement | null> {
  return {
    // Looked up when it opens: before that it may not be drawn.
    get current() {
      return anchor.current?.closest<HTMLElement>('[role=dialog], [role=alertdialog], main, aside') ?? null
    },
  }
}
