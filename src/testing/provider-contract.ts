/**
 * What every provider promises: the docstrings of the port, as cases to run.
 *
 * ```ts
 * for (const { name, run, skip } of providerContract(stage)) test.skipIf(skip !== null)(name, run)
 * ```
 */
import type { ContractCase } from './contract-case.ts'
import { answering } from './provider-contract/answering.ts'
import { failing } from './provider-contract/failing.ts'
import { leaving } from './provider-contract/leaving.ts'
import type { Scene } from './provider-contract/scene.ts'
import type { Need, ProviderCase, StagedProvider } from './provider-contract/staged.ts'
import { trying } from './provider-contract/trying.ts'

export type { ContractCase } from './contract-case.ts'
export type { Scene } from './provider-contract/scene.ts'
export type { Need, StagedProvider } from './provider-contract/staged.ts'

export interface ProviderContractCase extends ContractCase {
  /** Why the case cannot be run for this provider; `null` when it is to be run. */
  readonly skip: string | null
}

const promises: Record<string, ProviderCase> = { ...answering, ...failing, ...leaving, ...trying }

/**
 * Calls `stage` for each case, for a provider that has made no call yet. `cannot` names what cannot be staged for it,
 * with the reason that its cases are then skipped for.
 */
export function providerContract(
  stage: (scene: Scene) => Promise<StagedProvider>,
  { cannot = {} }: { cannot?: Partial<Record<Need, string>> } = {},
): ProviderContractCase[] {
  return Object.entries(promises).map(([name, { needs, scene, run }]) => ({
    name,
    skip: needs.map((need) => cannot[need]).find((reason) => reason !== undefined) ?? null,
    async run() {
      const staged = await stage(scene)
      try {
        await run(staged)
      } finally {
        await staged.provider.close?.()
        await staged.close()
      }
    },
  }))
}
