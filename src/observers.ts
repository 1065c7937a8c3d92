import { EventEmitter } from 'eventemitter3'
import type { AsyncvEvent, AsyncvEventOf, AsyncvEventType } from './event.ts'
import type { Logger } from './logger.ts'

/** Tells observers what happened. One that throws is logged and changes nothing. */
export class Observers {
  readonly #emitter = new EventEmitter()
  readonly #logger: Logger

  constructor(logger: Logger) {
    this.#logger = logger
  }

  on<Type extends AsyncvEventType>(type: Type, observer: (event: AsyncvEventOf<Type>) => void): () => void {
    const guarded = (event: AsyncvEventOf<Type>): void => {
      try {
        observer(event)
      } catch (error) {
        this.#logger.error({ type, error }, 'an observer threw')
      }
    }
    this.#emitter.on(type, guarded)
    return () => void this.#emitter.off(type, guarded)
  }

  emit(event: AsyncvEvent): void {
    this.#emitter.emit(event.type, event)
  }
}
