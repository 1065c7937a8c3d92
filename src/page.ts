/** A part of a list; the whole is read by passing `nextCursor` as `cursor` until it is null. */
export interface Page<Item> {
  data: Item[]
  /** Pass it to get what follows; null at the end. */
  nextCursor: string | null
}

export const orders = ['newest', 'oldest'] as const
export type Order = (typeof orders)[number]

export interface PageRequest {
  /** 1 to 500, default 50. */
  limit?: number
  cursor?: string
  /** Default: `oldest` first for messages, `newest` first for everything else. */
  order?: Order
}

/** What of a list is looked at: one space's part, and of that what concerns these agents. Default: everything. */
export interface Within {
  space?: string
  agents?: readonly string[]
}
