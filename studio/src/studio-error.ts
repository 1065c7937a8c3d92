/** Why Studio does not start. What it answers over HTTP is a `Problem`. */
export class StudioError extends Error {
  override readonly name = 'StudioError'
  constructor(
    readonly code: 'config_invalid',
    message: string,
    /** The way out, as a sentence. */
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
