/**
 * How long a page waits: longer than Studio waits for a runtime (`src/runtimes/pass-on.ts`), so that Studio can say that it is
 * the runtime that does not answer. ms.
 */
export const patience = {
  read: 30_000,
  /** Who gives it up does not know whether it was done. */
  deed: 70_000,
  /** A connector has as long as it likes to start, and a release that is applied meanwhile comes first, which may take a minute. */
  connector: 150_000,
  /** All of a log is read, and each entry proved. */
  verify: 120_000,
}
