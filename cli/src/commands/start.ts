import { readOwner } from '@asyncv/migrations'
import { isLoopback } from '@asyncv/server'
import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError } from '../failure.ts'
import { endWithReader } from '../output.ts'
import { closePorts, host, type Hosted, openPorts, type Ports } from '../process/hosted.ts'
import type { Flags } from '../tree/command.ts'
import { forgetConfigs } from '../settings/read-config.ts'
import { releasedStory } from '../settings/released.ts'
import { reload } from '../process/reload.ts'
import { createServiceLog, type ServiceLog } from '../process/service-log.ts'
import { loadSettings, type Settings } from '../settings/settings.ts'
import { parentOf } from '../process/parent.ts'
import { keptFlags, removeRecord, type ServiceRecord, writeRecord } from '../process/service-record.ts'
import { listenForSignals, type Signals } from '../process/signals.ts'
import { startWithin } from '../process/start-within.ts'
import { type Supervisor, supervisorOf } from '../process/supervisor.ts'
import { type Welcome, welcome } from '../process/welcome.ts'
import { words } from '../words/spoken.ts'

/** How long running tasks may go on after the first signal: what most supervisors grant before they kill. ms. */
const drainMs = 25_000

/** `asyncv start`: runs until a signal, then drains; a second signal hurries, and SIGHUP reads the configuration again. */
export async function run(flags: Flags): Promise<void> {
  if (flags['watch'] === true && flags['detach'] === true) {
    throw new CommandError(words.detach.notWatched, words.detach.notWatchedHint, 2)
  }
  if (flags['watch'] === true) {
    const { watch } = await import('../process/watch.ts')
    return watch(flags)
  }
  if (flags['detach'] === true) {
    // The service it begins stays, whoever reads of it.
    endWithReader()
    const { detach } = await import('../process/detach.ts')
    return detach(flags)
  }
  // What is said beside the log is not worth the service.
  process.stderr.on('error', () => {})
  const parent = parentOf(process.env)
  const settings = await loadSettings(flags, process.env)
  const log = await createServiceLog(settings.logLevel, settings.database)
  const { logger } = log
  const supervisor = supervisorOf(process.env, logger)
  const first = await host(settings, log)
  // Before anything is taken up: a signal in the middle of the start must not look like a crash.
  const signals = listenForSignals(logger)
  /** The database beside which it stands how this was started. */
  let noted = settings.database
  // Whoever watches begins another one: left behind by it, this one would have the port and the database for ever.
  const alone = parent?.role === 'watch' ? parent.onGone(() => signals.end('SIGTERM')) : () => {}
  try {
    const keeper = parent?.role === 'watch' ? 'watch' : supervisor.keeper
    const record = { pid: process.pid, flags: keptFlags(flags), cwd: process.cwd(), keeper }
    await note(settings.database, record)
    const ports = await start(first, signals)
    if (ports === null) return logger.info({}, 'stopped')
    // Another start may have written its own meanwhile; this one has the database.
    writeRecord(settings.database, record)
    supervisor.ready(ports.runtime.url)
    const { story, database } = settings
    const { asyncv } = first
    const facts: Welcome = {
      story: [...story, ...(await releasedStory(asyncv))],
      database,
      agents: asyncv.agents.map(({ name }) => name),
      url: ports.runtime.url,
      wantsKey: await asyncv.keys.exist(),
    }
    // Whoever reads the welcome may leave; the service stays.
    process.stdout.on('error', () => {})
    if (parent?.role === 'detach') parent.tell({ ready: facts })
    else process.stdout.write(welcome(facts))
    const settingsNow = (): Promise<Settings> => {
      forgetConfigs()
      return loadSettings(flags, process.env)
    }
    const moved = ({ settings: { database: now } }: Hosted): void => {
      if (now === noted) return
      removeRecord(noted, process.pid)
      writeRecord(now, record)
      noted = now
    }
    const last = await serve(first, { ports, signals, log, supervisor, settings: settingsNow, moved }).catch(
      async (error: unknown) => {
        // Nothing runs behind the ports any more. Left open they would hold the process, which looks alive to who may start it anew.
        await closePorts(ports, 0)
        throw error
      },
    )
    supervisor.stopping()
    await stop(last, { ports, signals, log })
    logger.info({}, 'stopped')
  } finally {
    alone()
    supervisor.release()
    signals.release()
    removeRecord(noted, process.pid)
  }
}

/** For "asyncv stop" and "restart". Before the start, which a platform can hold up: also then it is to be stopped. */
async function note(database: string, record: ServiceRecord): Promise<void> {
  // One that runs already has its own; this start is refused when it comes to the database.
  if ((await readOwner(database).catch(() => null)) === null) writeRecord(database, record)
}

/** Until it is to stop; resolves with what runs then. Rejects when a reload leaves nothing that runs. */
async function serve(
  first: Hosted,
  {
    signals,
    supervisor,
    moved,
    ...parts
  }: {
    signals: Signals
    supervisor: Supervisor
    ports: Ports
    log: ServiceLog
    settings(): Promise<Settings>
    /** A reload may name another database, by which this service is found from then on. */
    moved(now: Hosted): void
  },
): Promise<Hosted> {
  let running = first
  while ((await signals.next()) === 'reload') {
    supervisor.reloading()
    running = await reload(running, { ...parts, drainMs, signal: signals.stop })
    // The reload has ended for that: what is left of it may have no database, and is ready for nobody.
    if (signals.stop.aborted) break
    moved(running)
    supervisor.ready(parts.ports.runtime.url)
  }
  return running
}

/** Null when it was to stop before it had started. */
async function start(hosted: Hosted, { stop: wish, hurry }: Signals): Promise<Ports | null> {
  const { asyncv, settings } = hosted
  const open = (): Promise<Ports> =>
    openPorts(hosted).catch(async (error: unknown) => {
      throw (await runsAlready(settings.database)) ?? error
    })
  // First of all: work that is begun and broken off because of a port would be begun at each restart. But only a runtime
  // that has started knows whether there are keys, without which nobody but this machine is listened to.
  const early = isLoopback(settings.server.host) ? await open() : null
  // A platform that does not answer can hold a start, and with it the end of one.
  const leave = (): never => process.exit(1)
  hurry.addEventListener('abort', leave)
  try {
    await startWithin(asyncv, { signal: wish })
    return early ?? (await open())
  } catch (error) {
    await asyncv.stop({ drainMs: 0 })
    if (early !== null) await closePorts(early, 0)
    // What it has taken up goes on with the next one.
    if (wish.aborted) return null
    throw error
  } finally {
    hurry.removeEventListener('abort', leave)
  }
}

/** Who starts a second time finds the port in use by the first, and wants to know that it is the first. */
async function runsAlready(database: string): Promise<CommandError | null> {
  const owner = await readOwner(database).catch(() => null)
  if (owner?.url === undefined) return null
  return new CommandError(words.start.runsAlready(owner.pid, owner.url), words.start.runsAlreadyHint, 2)
}

async function stop(
  { asyncv, server, settings }: Hosted,
  { ports, signals, log }: { ports: Ports; signals: Signals; log: ServiceLog },
): Promise<void> {
  const { stop: wish, hurry } = signals
  server.leave()
  // What stands in front takes a moment to see that it is to send nobody here. Who sits in front of a terminal need not wait.
  if (wish.reason !== 'SIGINT') await sleep(settings.server.notReadyMs, null, { signal: hurry }).catch(() => {})
  // Callers get the answers that are still computed; who waits longer than the drain is cut.
  const closed = closePorts(ports, drainMs + 1_000)
  const cut = (): void => void closePorts(ports, 100)
  if (hurry.aborted) cut()
  else hurry.addEventListener('abort', cut, { once: true })
  await asyncv.stop({ drainMs, signal: hurry })
  // Who reads the log reads how it ended.
  log.book.close()
  await closed
}
