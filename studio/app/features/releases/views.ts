import type { ReactNode } from 'react'
import type { ItemReference } from '../../../src/schemas/item.ts'

/** How items are named where releases speak of them; the routes know where they are edited and what their fields are called. */
export interface ItemViews {
  /** A link to where it is edited. */
  titleOf(item: ItemReference): ReactNode
  /** What a field of it is called. */
  labelOf(item: ItemReference, pointer: string): string
}

export interface NamedRuntime {
  id: string
  name: string
}

export function keyOf({ kind, name }: ItemReference): string {
  return `${kind}/${name}`
}

/** The names of those with these ids, as they are called now. */
export function namesOf(ids: readonly string[], runtimes: readonly NamedRuntime[]): string[] {
  return ids.map((id) => runtimes.find((one) => one.id === id)?.name ?? id)
}
