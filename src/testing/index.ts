/** For tests of programs that use asyncv, and of connectors, providers and storages made for it. */

// A model that says what a test tells it to.
export { scripted, type ScriptedProvider, type ScriptedReply } from './scripted.ts'

// A chat platform in memory, which repeats, reorders and cuts when it is told to.
export { fakeConnector, type FakeConnector } from './fake-connector.ts'

// What every implementation of a port has to keep: lists of cases for any test runner.
export type { ContractCase } from './contract-case.ts'
export { connectorContract, type StagedConnector } from './connector-contract.ts'
export {
  providerContract,
  type Need as ProviderNeed,
  type ProviderContractCase,
  type Scene,
  type StagedProvider,
} from './provider-contract.ts'
export { storageContract, type OpenedStorage } from './storage-contract.ts'

// Where a process can be killed.
export { crashPoints } from '../hooked.ts'
