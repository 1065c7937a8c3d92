/** What a run works with: everything it may touch is handed in. */
import type { Agent } from '../agent.ts'
import type { Clock } from '../clock.ts'
import type { AsyncvEvent } from '../event.ts'
import type { ModelCallOptions } from '../options.ts'
import type { Storage } from '../storage.ts'
import type { Tool } from '../tool.ts'
import type { CallFiles } from './call-files.ts'
import type { LiveFeed } from './live.ts'
import type { ModelChoice } from './model-call.ts'
import type { TokenScale } from './tokens.ts'

/** An agent with its references resolved. */
export interface RunnableAgent extends Omit<Agent, 'tools'> {
  readonly tools: readonly Tool[]
  readonly models: readonly ModelChoice[]
}

/** The agents that an attempt began with: it keeps them, whatever is put in force meanwhile. */
export interface AgentsInUse {
  readonly agents: ReadonlyMap<string, RunnableAgent>
  /** It has ended. */
  end(): void
}

export interface RunPorts {
  storage: Pick<Storage, 'journal' | 'absorb' | 'history'>
  clock: Clock
  feed: LiveFeed
  retry: Required<ModelCallOptions>
  tokens: TokenScale
  emit(event: AsyncvEvent): void
  files: CallFiles
  /** A queued task ended, since this run answers its message. */
  onAbsorbed(task: string): void
  /** Whether a message may be waiting that asks to be taken up. Asked before each model call; it forgets the answer. */
  mayAbsorb(): boolean
  /** Takes the values of secrets out of a text that a service wrote. */
  hide(text: string): string
  /** Repeats a write until the disk takes it. */
  persist<Value>(write: () => Promise<Value>): Promise<Value>
}
