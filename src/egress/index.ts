/** A way out for addresses that somebody else chose. */
export { createEgress, type Egress, type EgressOptions, type Lookup } from './egress.ts'
export type { EgressRequest } from './redirect.ts'
