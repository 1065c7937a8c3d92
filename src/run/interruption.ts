/** Why a run is cut short; the reason of its abort signal. */
export class Interruption extends Error {
  override readonly name = 'Interruption'
  constructor(
    readonly why: 'cancel' | 'hand-back' | 'wall-time',
    /** The person in the chat has been told already, by the answer to a command. */
    readonly told = false,
  ) {
    super(`The run was interrupted: ${why}.`)
  }
}
