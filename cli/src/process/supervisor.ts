import type { Logger } from 'asyncv'
import { execFile } from 'node:child_process'
import { keepers, type Keeper } from './service-record.ts'

/** What starts the service, and is told how it stands with it. */
export interface Supervisor {
  keeper: Keeper | null
  ready(url: string): void
  reloading(): void
  stopping(): void
  /** Ends what tells it regularly that the service is alive. */
  release(): void
}

/** So long may the word take on its way. ms. */
const patienceMs = 10_000

/**
 * systemd, where it waits for word (`NOTIFY_SOCKET`, see sd_notify(3)). Node cannot send what that socket takes, so
 * `systemd-notify` does, which comes with systemd itself; its unit has to have `NotifyAccess=all`.
 */
export function supervisorOf(env: Record<string, string | undefined>, logger: Logger): Supervisor {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: watchdog, WATCHDOG_PID: watched } = env
  const keeper = keepers.find((known) => known === env['ASYNCV_SUPERVISOR']) ?? null
  // What the service starts in its turn has nothing to say there.
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID', 'ASYNCV_SUPERVISOR']) delete env[name]
  if (socket === undefined || socket === '') {
    return { keeper, ready() {}, reloading() {}, stopping() {}, release() {} }
  }

  let before: Promise<void> = Promise.resolve()
  let failed = false
  /** One after the other: what is said last has to arrive last. */
  const say = (...assignments: string[]): void => {
    before = before
      .then(() => notify(socket, assignments))
      .catch((error: Error) => {
        if (!failed)
          logger.warn({ error: error.message }, 'systemd is not told how the service is: systemd-notify failed')
        failed = true
      })
  }
  const aliveMs = Number(watchdog) / 2_000
  const isWatched = aliveMs > 0 && (watched === undefined || Number(watched) === process.pid)
  const alive = isWatched ? setInterval(() => say('WATCHDOG=1'), aliveMs).unref() : undefined
  return {
    keeper,
    ready: (url) => say('READY=1', `STATUS=${url}`),
    // Whoever reloads waits for a READY=1 that comes after this moment.
    reloading: () => say('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1_000n}`),
    stopping: () => say('STOPPING=1'),
    release: () => clearInterval(alive),
  }
}

function notify(socket: string, assignments: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NOTIFY_SOCKET: socket }
    execFile('systemd-notify', assignments, { env, timeout: patienceMs }, (error) =>
      error ? reject(error) : resolve(),
    )
  })
}
