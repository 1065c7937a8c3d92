import type { Context } from 'hono'

export interface PerRequest<Value> {
  get(c: Context): Value | undefined
  set(c: Context, value: Value): void
}

/**
 * What one part of the service keeps about each request. It lives in hono's context, under a name that nobody else has; a
 * `WeakMap` of requests would do the same, and was a third of what a read costs: its entries pass through the collector's
 * hands again and again.
 */
export function perRequest<Value>(): PerRequest<Value> {
  const name = Symbol('per request')
  return {
    get: (c) => c.get(name),
    set: (c, value) => c.set(name, value),
  }
}
