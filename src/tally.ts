import type { AsyncvEvent } from './event.ts'

/** Counts what happened since the start. It is told before any observer, and cannot fail. */
export class Tally {
  accepted = 0
  readonly ended = { done: 0, failed: 0, cancelled: 0 }
  /** Deliveries that arrived. */
  sent = 0
  /** Tasks that wait or run: what the limit of the inbox is held against. */
  open = 0

  count(event: AsyncvEvent): void {
    switch (event.type) {
      case 'message.received':
        this.accepted++
        this.open++
        return
      case 'task.absorbed':
        this.open--
        return
      case 'task.requeued':
        this.open++
        return
      case 'task.finished':
        this.open--
        this.ended.done++
        return
      case 'task.failed':
        this.open--
        this.ended.failed++
        return
      case 'delivery.sent':
        this.sent++
        return
      case 'task.cancelled':
        this.open--
        this.ended.cancelled++
        return
    }
  }
}
