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
 * with waiting: 0.070 and 0.048 when that answers at once, 0.082 and 0.049 when it takes up to 5 ms, 0.11 and 0.063 for
 * up to 20 ms; CPU a message fell by up to a tenth, and p50 with it. Waiting for 1 ms or 2 instead gains little more and
 * costs up to half of p50.
 */
export function waits(bus: { riders: number; turns: number }, ridersBefore: number): boolean {
  return ridersBefore >= crowd && bus.riders < seats && bus.turns < turnsAtMost
}

/** Eight sessions stay below it, for whom waiting would only be a delay. */
const crowd = 12

/** A turn in which nothing happens takes microseconds. */
const turnsAtMost = 6
