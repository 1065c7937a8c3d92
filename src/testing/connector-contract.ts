/**
 * What every connector promises: the docstrings of the port, as cases to run.
 *
 * ```ts
 * for (const { name, run, skip } of connectorContract(stage)) test.skipIf(skip !== null)(name, run)
 * ```
 */
import type { ContractCase } from './contract-case.ts'
import { createDisk } from './connector-contract/disk.ts'
import { restarting } from './connector-contract/restarting.ts'
import { sending } from './connector-contract/sending.ts'
import type { ConnectorCase, Need, Running, Scene, StagedConnector } from './connector-contract/staged.ts'
import { takingIn } from './connector-contract/taking-in.ts'

export type { Need, SendTrouble, StagedConnector } from './connector-contract/staged.ts'
export type { ContractCase } from './contract-case.ts'

export interface ConnectorContractCase extends ContractCase {
  /** Why the case cannot be run for this connector; `null` when it is to be run. */
  readonly skip: string | null
}

const promises: Record<string, ConnectorCase> = { ...takingIn, ...restarting, ...sending }

/**
 * Calls `stage` for each case, for a platform of its own. `cannot` names what the connector or its platform cannot do,
 * with the reason that its cases are then skipped for.
 */
export function connectorContract(
  stage: () => Promise<StagedConnector>,
  { cannot = {} }: { cannot?: Partial<Record<Need, string>> } = {},
): ConnectorContractCase[] {
  return Object.entries(promises).map(([name, { needs = [], run }]) => ({
    name,
    skip: needs.map((need) => cannot[need]).find((reason) => reason !== undefined) ?? null,
    async run() {
      const staged = await stage()
      const { scene, stopAll } = sceneOn(staged)
      try {
        await run(scene)
      } finally {
        await stopAll()
        await staged.close()
      }
    },
  }))
}

function sceneOn(staged: StagedConnector): { scene: Scene; stopAll(): Promise<void> } {
  const disk = createDisk()
  const running = new Set<Running>()

  async function start(): Promise<Running> {
    const stopping = new AbortController()
    const connector = staged.connect()
    const { account } = await connector.start(disk.host(stopping.signal))
    const started: Running = {
      connector,
      account,
      async stop() {
        running.delete(started)
        stopping.abort(new Error('The contract stops this connector.'))
        await connector.stop()
        await connector.close?.()
      },
    }
    running.add(started)
    return started
  }

  return {
    scene: { ...staged, disk, start },
    async stopAll() {
      for (const started of running) await started.stop()
    },
  }
}
