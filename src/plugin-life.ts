import { AsyncvError, toErrorRecord } from './errors.ts'
import type { Logger } from './logger.ts'
import type { Plugin } from './plugin.ts'

/** The plugins of a runtime, started in their order and stopped the other way round. */
export class PluginLife {
  readonly #plugins: readonly Plugin[]
  readonly #logger: Logger
  #started: { plugin: Plugin; over: AbortController }[] = []

  constructor(plugins: readonly Plugin[], logger: Logger) {
    this.#plugins = plugins
    this.#logger = logger
  }

  /** Rejects with the plugin that does not start; those before it are stopped again. */
  async start(): Promise<void> {
    for (const plugin of this.#plugins) {
      const over = new AbortController()
      this.#started.push({ plugin, over })
      try {
        await plugin.start?.({ logger: this.#logger, signal: over.signal })
      } catch (cause) {
        await this.stop()
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

  /** One that fails to stop is logged, and keeps nobody else from stopping. */
  async stop(): Promise<void> {
    const started = this.#started.reverse()
    this.#started = []
    for (const { plugin, over } of started) {
      over.abort()
      try {
        await plugin.stop?.()
      } catch (error) {
        this.#logger.error({ plugin: plugin.name, error: toErrorRecord(error) }, 'a plugin did not stop')
      }
    }
  }
}
