import type { Step } from './queries.ts'
import type { Turn } from './turn.ts'

/** Per million tokens, by model reference. */
export type Prices = Readonly<Record<string, { input: number; output: number }>>

interface Used {
  model: string
  inputTokens: number
  outputTokens: number
}

/** Null as soon as one of the models has no price: half a sum would be a wrong one. */
export function costOf(used: readonly Used[], prices: Prices): number | null {
  let sum = 0
  for (const { model, inputTokens, outputTokens } of used) {
    const price = Object.hasOwn(prices, model) ? prices[model] : undefined
    if (!price) return null
    sum += (inputTokens * price.input + outputTokens * price.output) / 1_000_000
  }
  return sum
}

export function usedIn(steps: readonly Step[]): Used[] {
  return steps.filter((step) => step.kind === 'model').map(({ name, usage }) => ({ model: name ?? '', ...usage }))
}

/** A draft does not say which of its models answered; with one there is no doubt. */
export function usedBy({ usage }: Turn, models: readonly string[]): Used[] | null {
  const [model, ...others] = models
  return usage === null || model === undefined || others.length > 0 ? null : [{ model, ...usage }]
}
