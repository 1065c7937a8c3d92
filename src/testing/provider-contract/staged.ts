import type { Provider } from '../../provider.ts'
import type { Scene } from './scene.ts'

/** A provider whose service plays a scene in every call. */
export interface StagedProvider {
  provider: Provider
  /** A model name that the service takes. */
  model: string
  /** How many calls have reached the service. */
  calls(): number
  /** How many of them it has seen broken off by the provider. */
  brokenOff(): number
  /** Called after the case; the provider is closed by then. */
  close(): Promise<void>
}

/** What a case may need: a scene, a `connection` whose other end can be looked at, a provider that has `timeouts`. */
export type Need = Scene['plays'] | 'connection' | 'timeouts'

export interface ProviderCase {
  needs: readonly Need[]
  scene: Scene
  run(staged: StagedProvider): Promise<void>
}
