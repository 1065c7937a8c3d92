import { EventEmitter } from 'eventemitter3'
import type { AsyncvEvent, AsyncvEventOf, AsyncvEventType } from './event.ts'
import { toErrorRecord } from './errors.ts'
import type { Logger } from './logger.ts'

/** Tells observers what happened. One that throws is logged and changes nothing. */
export class Observers {
  readonly #emitter = new EventEmitter()
  readonly #logger: Logger

  constructor(logger: Logger) {
    this.#logger = logger
  }

  on<Type extends AsyncvEventType>(type: Type, observer: (event: AsyncvEventOf<Type>) => void): () => void {
    const failed = (error: unknown): void =>
      this.#logger.error({ type, error: toErrorRecord(error) }, 'an observer threw')
    const guarded = (event: AsyncvEventOf<Type>): void => {
      try {
        const result: unknown = observer(event)
        // An observer may be an async function, whose rejection nobody else would catch.
        if (result instanceof Promise) result.catch(failed)
      } catch (error) {
        failed(error)
      }
    }
    this.#emitter.on(type, guarded)
    return () => void this.#emitter.off(type, guarded)
  }

  emit(event: AsyncvEvent): void {
    this.#emitter.emit(event.type, event)
  }
}
