import { type Asyncv, AsyncvError, type Logger, toErrorRecord } from 'asyncv'
import { host, type Hosted, type Ports } from './hosted.ts'
import type { ServiceLog } from './service-log.ts'
import { startWithin } from './start-within.ts'
import type { Settings } from '../settings/settings.ts'

export interface ReloadOptions {
  /** Reads the configuration as it stands now. */
  settings(): Promise<Settings>
  ports: Ports
  log: ServiceLog
  /** How long running tasks may go on. ms. */
  drainMs: number
  /** Ends the wait for them: whoever wants the process to stop wants no reload any more. */
  signal: AbortSignal
}

/**
 * How long a configuration may take to start, its database once open, before the one before has its turn again: as long as
 * the connectors of a release. ms.
 */
const startMs = 60_000

/**
 * Puts a runtime with the configuration of now in the place of the one that runs. The ports stay open all the time:
 * between the two, messages are refused with a `Retry-After`. A configuration that is wrong changes nothing, and one
 * that does not start gives way to the one before. Resolves with what runs then; rejects when that does not start either.
 * When the process is to stop meanwhile, nothing is started any more.
 */
export async function reload(running: Hosted, options: ReloadOptions): Promise<Hosted> {
  const { ports, log, drainMs, signal } = options
  const { logger } = log
  const next = await options
    .settings()
    .then(async (settings) => {
      // What the vault has is known by who has it open: a name that leads nowhere shall stop nothing.
      const { secrets, releases } = running.asyncv
      const [kept, { current }] = await Promise.all([secrets.list(), releases.state()])
      // As a start has it: what a release has replaced needs no secrets.
      const replaced = (current?.envelope ?? null) !== null
      settings.vault.checkUses(
        kept.map(({ name }) => name),
        { replaced },
      )
      return host(settings, log)
    })
    .catch((error: unknown) => {
      logger.error({ error: toErrorRecord(error) }, 'not reloaded: the configuration is not usable')
      return null
    })
  if (next === null) return running
  warnOfPorts(running.settings, next.settings, logger)
  logger.info({}, 'reloading: waiting for what is under way')
  const before = (await running.asyncv.releases.state()).problems
  await running.asyncv.stop({ drainMs, signal })
  if (signal.aborted) return running
  next.server.adopt(ports)
  try {
    await startWithin(next.asyncv, { signal, ms: startMs, from: next.opened })
    if (before === null) await checkRelease(next.asyncv)
    logger.info({}, 'reloaded')
    // The log is the same as before: where its lines go is up to who started the process.
    logger.level = next.settings.logLevel
    return next
  } catch (error) {
    if (signal.aborted) return next
    logger.error(
      { error: toErrorRecord(error) },
      'not reloaded: this configuration does not start; back to the one before',
    )
    running.server.adopt(ports)
    await startWithin(running.asyncv, { signal }).catch((failure: unknown) => {
      if (!signal.aborted) throw failure
    })
    return running
  }
}

/** A release that the configuration before could apply is to be applied by this one: without it, nothing is answered. */
async function checkRelease(asyncv: Asyncv): Promise<void> {
  const { current, problems } = await asyncv.releases.state()
  if (problems === null) return
  await asyncv.stop({ drainMs: 0 })
  const [first] = problems
  throw new AsyncvError(
    'config_invalid',
    `With this configuration release ${current?.revision} cannot be applied: ${first?.pointer}: ${first?.detail}`,
    { problems: [...problems] },
  )
}

/** What the ports were opened with stays as it is while they are open. */
function warnOfPorts({ server: before }: Settings, { server: now }: Settings, logger: Logger): void {
  const changed = [
    ...(['host', 'port', 'managementPort'] as const).filter((name) => before[name] !== now[name]),
    ...(['connections', 'stuckMs'] as const)
      .filter((name) => before.limits?.[name] !== now.limits?.[name])
      .map((name) => `limits.${name}`),
  ]
  for (const name of changed) logger.warn({ setting: `server.${name}` }, 'this setting changes with a restart only')
}
