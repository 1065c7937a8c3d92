import { expect, test } from 'vitest'
import { quantileOf, readMetrics, sumOf } from './metrics.ts'

const text = `# HELP x of no interest
# TYPE asyncv_model_tokens_total counter
asyncv_model_tokens_total{model="main/m",kind="input"} 30
asyncv_model_tokens_total{model="a \\"quoted\\" name",kind="output"} 12.5
own_seconds_bucket{le="0.001"} 2
own_seconds_bucket{le="0.01"} 6
own_seconds_bucket{le="+Inf"} 8
own_seconds_sum 1.5
own_seconds_count 8
empty_bucket{le="+Inf"} 0
`

test('reads names, labels and values', () => {
  const samples = readMetrics(text)
  expect(samples[1]).toEqual({
    name: 'asyncv_model_tokens_total',
    labels: { model: 'a \\"quoted\\" name', kind: 'output' },
    value: 12.5,
  })
  expect(sumOf(samples, 'asyncv_model_tokens_total')).toBe(42.5)
  expect(sumOf(samples, 'asyncv_model_cost_total')).toBeNull()
})

test('estimates quantiles of a histogram, and none of an empty one', () => {
  const samples = readMetrics(text)
  expect(quantileOf(samples, 'own_seconds', 0.5)).toBeCloseTo(0.0055)
  // Beyond the last bucket nothing more is known than its edge.
  expect(quantileOf(samples, 'own_seconds', 0.95)).toBe(0.01)
  expect(quantileOf(samples, 'empty', 0.5)).toBeNull()
})
