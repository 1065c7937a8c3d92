import type { ResolvedOptions } from '../config/resolve.ts'
import type { PartDefinition } from '../part-making.ts'
import type { PartsInForce } from '../parts-in-force.ts'
import type { Runtime } from '../runtime.ts'
import type { ComposePorts } from './compose.ts'

/** What releases need of the runtime that they are the releases of. */
export interface ReleasePorts {
  /** What the runtime was built with, whatever is in force. */
  options: ResolvedOptions
  inForce: PartsInForce
  running(): Runtime
  builtIn(): Promise<readonly PartDefinition[]>
  wrap: ComposePorts['wrap']
  /** Called at points of a release's way; what crash tests kill at. */
  hook: ((point: string) => void | Promise<void>) | null
}
