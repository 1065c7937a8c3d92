/** What a runtime's `/metrics` says, in the Prometheus text format (prometheus.io/docs/instrumenting/exposition_formats). */
export interface Sample {
  name: string
  labels: Readonly<Record<string, string>>
  value: number
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g

/** Lines that are of no such form are passed over. */
export function readMetrics(text: string): Sample[] {
  return text.split('\n').flatMap((one): Sample[] => {
    const [, name, labels = '', value = ''] = line.exec(one) ?? []
    if (name === undefined) return []
    const found = [...labels.matchAll(label)].map(([, key = '', said = '']) => [key, said])
    return [
      { name, labels: Object.fromEntries(found), value: value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value) },
    ]
  })
}

/** All of that name together; null where there is none, which is not the same as 0. */
export function sumOf(samples: readonly Sample[], name: string): number | null {
  const its = samples.filter((one) => one.name === name)
  return its.length === 0 ? null : its.reduce((sum, { value }) => sum + value, 0)
}

/**
 * About which value `part` (0 to 1) of what a histogram counted lies below, as `histogram_quantile` of Prometheus
 * estimates it: even within a bucket. Null where nothing was counted.
 */
export function quantileOf(samples: readonly Sample[], name: string, part: number): number | null {
  const counts = new Map<number, number>()
  for (const { name: its, labels, value } of samples) {
    if (its !== `${name}_bucket`) continue
    const upTo = labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le'])
    counts.set(upTo, (counts.get(upTo) ?? 0) + value)
  }
  const buckets = [...counts].sort(([a], [b]) => a - b)
  const all = buckets.at(-1)?.[1] ?? 0
  if (all === 0) return null
  const wanted = all * part
  let below = { upTo: 0, count: 0 }
  for (const [upTo, count] of buckets) {
    if (count >= wanted) {
      if (upTo === Number.POSITIVE_INFINITY) return below.upTo
      return below.upTo + ((wanted - below.count) / Math.max(1, count - below.count)) * (upTo - below.upTo)
    }
    below = { upTo, count }
  }
  return below.upTo
}
