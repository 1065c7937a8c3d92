import type { Clock } from './clock.ts'
import { AsyncvError, toErrorRecord } from './errors.ts'
import { atMost, closeMs, unlessAborted } from './internal/abandoning.ts'
import { notStarted } from './life.ts'
import type { Logger } from './logger.ts'
import type { Plugin } from './plugin.ts'

/** The plugins of a runtime, started in their order and stopped the other way round. */
export class PluginLife {
  readonly #plugins: readonly Plugin[]
  readonly #logger: Logger
  readonly #clock: Pick<Clock, 'after'>
  #started: { plugin: Plugin; over: AbortController }[] = []

  constructor(plugins: readonly Plugin[], logger: Logger, clock: Pick<Clock, 'after'>) {
    this.#plugins = plugins
    this.#logger = logger
    this.#clock = clock
  }

  /** Rejects with the plugin that does not start, or had not when `hurry` is aborted; those before it are stopped again. */
  async start(hurry: AbortSignal): Promise<void> {
    for (const plugin of this.#plugins) {
      const over = new AbortController()
      // What is not even called has nothing to stop.
      if (!hurry.aborted) this.#started.push({ plugin, over })
      try {
        await unlessAborted(hurry, () => plugin.start?.({ logger: this.#logger, signal: over.signal }))
      } catch (cause) {
        await this.stop()
        if (hurry.aborted) throw notStarted(`Plugin "${plugin.name}"`)
        throw new AsyncvError(
          'config_invalid',
          `Plugin "${plugin.name}" does not start: ${toErrorRecord(cause).message}`,
          {
            hint: 'Take it out of plugins, or mend it.',
            cause,
          },
        )
      }
    }
  }

  /** One that fails to stop, or takes too long, is logged, and keeps nobody else from stopping. */
  async stop(): Promise<void> {
    const started = this.#started.reverse()
    this.#started = []
    for (const { plugin, over } of started) {
      over.abort()
      try {
        await atMost(closeMs, this.#clock, () => plugin.stop?.())
      } catch (error) {
        this.#logger.error({ plugin: plugin.name, error: toErrorRecord(error) }, 'a plugin did not stop')
      }
    }
  }
}
