/** One promise of a port, as something to run. Contracts are lists of these, so that any test runner can take them. */
export interface ContractCase {
  /** What has to be true, as a sentence. */
  readonly name: string
  /** Rejects with an `AssertionError` when the promise is broken. */
  run(): Promise<void>
}
