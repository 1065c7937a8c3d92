/** For tests and benchmarks of programs that call a model: a service that speaks the real protocol and costs nothing. */
export { fakeModel, type FakeModel, type FakeModelOptions } from './fake-model.ts'
export type { LedgerEntry } from './ledger.ts'
export {
  errorBody,
  type Answer,
  type ChatRequest,
  type ChatRequestMessage,
  type Fault,
  type Recording,
  type Refusal,
  type Reply,
  wordsOf,
} from './reply.ts'
