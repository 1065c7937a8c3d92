import { randomFillSync } from 'node:crypto'

// Random bytes are drawn for 256 ids at once: one call for each id would cost more than the rest of the function.
const pool = new Uint8Array(256 * 8)
let used = pool.length
let lastMs = 0
/** `lastMs` as an id begins with it. */
let time = ''
let sequence = 0

/**
 * A UUID v7 (RFC 9562, section 5.7): 48 bits of ms, then a counter in the 12 bits of `rand_a`, then 62 random bits.
 * Ids of one process ascend, also within a millisecond; when the counter runs over, the millisecond is borrowed from
 * the future.
 */
export function uuidv7(now: number = Date.now()): string {
  if (now > lastMs) begin(now)
  else if (++sequence > 0xfff) begin(lastMs + 1)
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const variant = hex[0x80 | (pool[used]! & 0x3f)]! + hex[pool[used + 1]!]!
  let tail = ''
  for (let i = 2; i < 8; i++) tail += hex[pool[used + i]!]
  used += 8
  return `${time}-${(0x7000 | sequence).toString(16)}-${variant}-${tail}`
}

function begin(ms: number): void {
  lastMs = ms
  const digits = ms.toString(16).padStart(12, '0')
  time = `${digits.slice(0, 8)}-${digits.slice(8)}`
  sequence = 0
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
