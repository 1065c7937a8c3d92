import type { Delivery } from '../types.ts'

/** Whether an operator has to decide about it: nothing happens to it by itself. */
export function isForDecision({ state }: Pick<Delivery, 'state'>): boolean {
  return state === 'dead' || state === 'held'
}

/** Whether something happens to it by itself yet. */
export function isOnItsWay({ settledAt, state }: Pick<Delivery, 'settledAt' | 'state'>): boolean {
  return settledAt === null && !isForDecision({ state })
}

/** When it was over, ms since 1970; null while it is on its way. What waits for a decision takes no time of its own. */
export function endOf(delivery: Pick<Delivery, 'settledAt' | 'state' | 'createdAt'>): number | null {
  return delivery.settledAt ?? (isForDecision(delivery) ? delivery.createdAt : null)
}
