import type {
  delivery,
  deliveryState,
  message,
  recordedEvent,
  session,
  stats,
  status,
  step,
  task,
  taskState,
  timeline,
} from 'asyncv/schemas'
import type { z } from 'zod'

/** What a runtime tells of itself, as its schemas say. */
export type Task = z.output<typeof task>
export type TaskState = z.output<typeof taskState>
export type Step = z.output<typeof step>
export type Session = z.output<typeof session>
export type Message = z.output<typeof message>
export type Delivery = z.output<typeof delivery>
export type DeliveryState = z.output<typeof deliveryState>
export type Timeline = z.output<typeof timeline>
export type RuntimeEvent = z.output<typeof recordedEvent>
export type Stats = z.output<typeof stats>
export type RuntimeStatus = z.output<typeof status>

/** The runtime that is looked at. */
export interface Watched {
  id: string
  name: string
}
