import { AuditLog } from './audit-log.ts'
import type { Asyncv, StopOptions } from './api.ts'
import type { Reachable } from './backend.ts'
import { asking } from './calls/asking.ts'
import { deciding } from './calls/deciding.ts'
import { posting } from './calls/posting.ts'
import { reading } from './calls/reading.ts'
import { resolveOptions } from './config/resolve.ts'
import { AsyncvError } from './errors.ts'
import { logEvent } from './event-log.ts'
import { hookedStorage, wrapOf } from './hooked.ts'
import { openStorage } from './kysely/storage.ts'
import { KeyRing } from './keys.ts'
import { defaultDrainMs, Life } from './life.ts'
import { Observers } from './observers.ts'
import type { AsyncvOptions } from './options.ts'
import { installed } from './operate/installed.ts'
import { operations } from './operate/operations.ts'
import { statusOf } from './operate/status.ts'
import { PartsInForce, partsOf, withParts } from './parts-in-force.ts'
import { PluginLife } from './plugin-life.ts'
import { readinessOf } from './readiness.ts'
import { ReleaseKeeper } from './release/releases.ts'
import { Runtime } from './runtime.ts'
import { sqlite } from './sqlite/index.ts'
import { hideInError } from './vault/hide-error.ts'

/**
 * Builds a runtime. Inert until `start()`: it opens no file, no connection and no port. Throws `config_invalid` with
 * everything that is wrong.
 */
export function createAsyncv(options: AsyncvOptions): Asyncv {
  const base = resolveOptions(options)
  const wrap = wrapOf(options.hook)
  const connectors = new Map([...base.connectors].map(([name, connector]) => [name, wrap.connector(connector)]))
  const first = { ...base, connectors }
  const inForce = new PartsInForce(partsOf(first, wrap.agents(base.agents)))
  /** The options, of which those that a release can replace are as they are at the moment. */
  const resolved = withParts(first, inForce)
  const { clock, logger, vault } = resolved
  const observers = new Observers(logger)
  const backend = options.storage ?? sqlite()
  const plugins = new PluginLife(resolved.plugins, logger, clock)
  let runtime: Runtime | null = null
  /** Where this runtime can be reached; may be said before it is started. */
  let announced: Reachable = {}

  const running = (): Runtime => {
    if (runtime !== null) return runtime
    throw new AsyncvError('not_running', 'This runtime is not running.', {
      hint: 'Call start() first.',
      retryable: true,
    })
  }

  const hide = (text: string): string => vault.hide(text)

  async function open(hurry: AbortSignal): Promise<void> {
    const hook = options.hook ?? null
    const storage = await openStorage(backend, {
      clock,
      logger,
      keepEvents: resolved.events.keepMs > 0,
      hook: hook === null ? null : (point) => void hook(point),
    })
    const opened = new Runtime(resolved, hook === null ? storage : hookedStorage(storage, hook), (event) => {
      logEvent(logger, event)
      observers.emit(event)
    })
    try {
      await vault.open(storage, { now: () => clock.now(), logger, replaced: await releases.replacesFile(storage) })
      await plugins.start(hurry)
      await releases.open(opened.storage)
      if (releases.problems !== null) opened.hold()
      await opened.start(hurry, (connector) => releases.spares(connector))
      await releases.started(opened.storage)
      runtime = opened
      keys.open()
      storage.announce(announced)
    } catch (error) {
      await opened.stop(0, AbortSignal.abort())
      await releases.close()
      await plugins.stop()
      await vault.close()
      await storage.close()
      // What a platform said may be in it.
      throw hideInError(error, hide)
    }
  }

  async function close({ drainMs = defaultDrainMs, signal }: StopOptions): Promise<void> {
    const open = runtime
    if (open === null) return
    const isFirst = !open.draining
    await open.stop(drainMs, signal)
    if (!isFirst) return
    await keys.close()
    runtime = null
    await releases.close()
    await plugins.stop()
    await vault.close()
    await open.storage.close()
  }

  const keys = new KeyRing(() => running().storage, clock)
  const releases = new ReleaseKeeper({
    options: first,
    inForce,
    running,
    builtIn: async () => (await options.definitions?.()) ?? [],
    wrap,
    hook: options.hook ?? null,
  })
  const life = new Life({ open, close }, clock)

  return {
    start: () => life.start(),
    stop: (options = {}) => life.stop(options),

    ...asking({ running, options: resolved }),
    ...posting({ running, clock }),
    ...deciding({ running, clock }),
    ...reading(running),

    keys,
    audit: new AuditLog(() => running().storage),
    secrets: {
      list: () => vault.list(),
      get: (name) => vault.get(name),
      put: (secret, by) => vault.put(secret, by),
      remove: (name, by) => vault.remove(name, by),
    },
    releases: {
      state: () => releases.state(),
      list: (page) => releases.list(page),
      get: (revision) => releases.get(revision),
      check: (document) => releases.check(document),
      preview: (input, how) => releases.preview(input, how),
      apply: (release, how) => releases.apply(release, how),
      trustChanged: (change, by) => releases.trustChanged(change, by),
    },
    files: {
      put: async (file) => running().files.put(file),
      get: async (id) => running().files.get(id),
      read: async (id) => running().files.read(id),
      list: async (filter) => running().files.list(filter),
      remove: async (id) => running().files.remove(id),
    },
    ...operations({ running, options: resolved, inForce }),
    status: () => statusOf(runtime, resolved),
    installed: async () => installed(resolved, (await options.definitions?.()) ?? []),
    routes: () => [...resolved.routes].map(([connector, agent]) => ({ connector, agent: agent.name })),
    get agents() {
      return [...resolved.agents.values()].map(({ name, model, tools }) => ({
        name,
        model,
        tools: tools.map((tool) => tool.name),
      }))
    },
    ready: () => readinessOf(runtime, resolved.connectors.keys(), releases.readiness()),
    async webhook(name, request) {
      const { draining, connections } = running()
      // While a release is switched to, the one that is connected is not yet the one that is in force.
      const connected = connections.connector(name)
      const connector = connected ?? resolved.connectors.get(name)
      if (connector?.webhook === undefined) return null
      if (draining) throw new AsyncvError('not_running', 'This runtime is stopping.', { retryable: true })
      if (connected === null) {
        throw new AsyncvError('not_running', `Connector "${name}" is stopped.`, { retryable: true })
      }
      return connector.webhook(request)
    },
    announce(details) {
      announced = { ...announced, ...details }
      runtime?.storage.announce(announced)
    },
    on: (type, observer) => observers.on(type, observer),
  }
}
