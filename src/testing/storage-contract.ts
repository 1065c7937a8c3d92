/**
 * What every storage promises: the port's docstrings and the state machines of tasks and deliveries, as cases to run.
 *
 * ```ts
 * for (const { name, run } of storageContract(openMyStorage)) test(name, run)
 * ```
 */
import type { ContractCase } from './contract-case.ts'
import { absorbing } from './storage-contract/absorbing.ts'
import { arriving } from './storage-contract/arriving.ts'
import { auditing } from './storage-contract/auditing.ts'
import { cancelling } from './storage-contract/cancelling.ts'
import { claiming } from './storage-contract/claiming.ts'
import { commanding } from './storage-contract/commanding.ts'
import { drafting } from './storage-contract/drafting.ts'
import { events } from './storage-contract/events.ts'
import { files } from './storage-contract/files.ts'
import { finishing } from './storage-contract/finishing.ts'
import { forgetting } from './storage-contract/forgetting.ts'
import { journaling } from './storage-contract/journaling.ts'
import { keys } from './storage-contract/keys.ts'
import { paging } from './storage-contract/paging.ts'
import { reading } from './storage-contract/reading.ts'
import { recovering } from './storage-contract/recovering.ts'
import { retrying } from './storage-contract/retrying.ts'
import { type OpenedStorage, sceneOn, type Scene } from './storage-contract/scene.ts'
import { secrets } from './storage-contract/secrets.ts'
import { sending } from './storage-contract/sending.ts'

export type { OpenedStorage } from './storage-contract/scene.ts'
export type { ContractCase } from './contract-case.ts'

const promises: Record<string, (scene: Scene) => Promise<void>> = {
  ...arriving,
  ...commanding,
  ...claiming,
  ...journaling,
  ...absorbing,
  ...finishing,
  ...cancelling,
  ...retrying,
  ...drafting,
  ...sending,
  ...recovering,
  ...reading,
  ...paging,
  ...keys,
  ...auditing,
  ...events,
  ...files,
  ...secrets,
  ...forgetting,
}

/** Calls `make` for each case; it gives an empty storage that keeps events, and closes what it opened after the case. */
export function storageContract(make: () => Promise<OpenedStorage>): ContractCase[] {
  return Object.entries(promises).map(([name, promise]) => ({
    name,
    async run() {
      const opened = await make()
      const scene = sceneOn(opened)
      try {
        await promise(scene)
      } finally {
        await scene.storage.close()
      }
    },
  }))
}
