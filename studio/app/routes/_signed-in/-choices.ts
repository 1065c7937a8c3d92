import type { Item } from '../../../src/schemas/item.ts'
import type { Choice } from '../../ui/select.tsx'

/** Items to choose from, by name. */
export function choicesOf(items: readonly Item[]): Choice<string>[] {
  return items.map(({ name, content: { type } }) => ({
    value: name,
    label: name,
    ...(typeof type === 'string' ? { hint: type } : {}),
  }))
}
