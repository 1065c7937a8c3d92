import type { ModelMessage } from '../message.ts'
import type { Turn } from '../task.ts'

/**
 * The turns that fit into `budget` tokens, as messages, oldest first. Whole turns go, the oldest first: half a turn
 * would leave tool results without their calls.
 */
export function fitHistory(turns: readonly Turn[], budget: number): ModelMessage[] {
  let first = turns.length
  let tokens = 0
  while (first > 0) {
    const turn = turns[first - 1]
    if (turn === undefined || tokens + turn.tokens > budget) break
    tokens += turn.tokens
    first--
  }
  return turns.slice(first).flatMap((turn) => turn.messages)
}
