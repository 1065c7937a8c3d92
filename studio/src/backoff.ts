/**
 * How long to wait after the given number of failed attempts: twice as long each time, up to `capMs`, and somewhere in the
 * upper half of that, so that those who failed together do not come again together. ms.
 */
export function backoffMs(attempts: number, { firstMs, capMs }: { firstMs: number; capMs: number }): number {
  const whole = Math.min(capMs, firstMs * 2 ** Math.min(attempts - 1, 30))
  return Math.round(whole * (0.5 + Math.random() / 2))
}
