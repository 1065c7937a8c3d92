/**
 * More riders than this wait for the next bus. With 512 callers at once, 64 keep the event loop from sockets and timers
 * for some 5 ms a commit; without a limit it was 55 ms.
 */
export const seats = 64

/**
 * How many more turns of the event loop a bus waits. A lone transaction waits for nobody. In a crowd (the bus before
 * carried many) a bus that is not full waits a few turns: many sessions whose sockets become readable one after the
 * other would else pay for a sync each, and for writing the pages that all of them change.
 *
 * Measured with 64 sessions that make two HTTP calls a message to another process, as commits a message without and
 * with waiting: 0.067 and 0.062 when that answers at once, 0.080 and 0.067 when it takes up to 5 ms, 0.14 and 0.11 for
 * up to 20 ms. Throughput and CPU stay the same within the noise, p50 rises by about a tenth. Waiting for 1 ms or 2
 * instead gains little more and costs up to half of p50.
 */
export function waits(bus: { riders: number; turns: number }, ridersBefore: number): boolean {
  return ridersBefore >= crowd && bus.riders < seats && bus.turns < turnsAtMost
}

/** Eight sessions stay below it, for whom waiting would only be a delay. */
const crowd = 12

/** A turn in which nothing happens takes microseconds. */
const turnsAtMost = 6
