/**
 * Edits of placeholders on their way, by destination. Nobody has to wait for one but what is sent there next: an edit that
 * is overtaken on the wire would stand in the answer's place.
 */
export class Edits {
  /** Each resolves however its edit ends. */
  readonly #ends = new Map<string, Promise<void>>()

  /** Rejects as the edit does. */
  async follow(destination: string, edit: Promise<unknown>): Promise<void> {
    const end = edit.then(over, over)
    this.#ends.set(destination, end)
    try {
      await edit
    } finally {
      if (this.#ends.get(destination) === end) this.#ends.delete(destination)
    }
  }

  /** The end of what is on its way there; undefined when there is nothing to wait for. */
  of(destination: string): Promise<void> | undefined {
    return this.#ends.get(destination)
  }

  async ended(): Promise<void> {
    await Promise.all(this.#ends.values())
  }
}

const over = (): void => {}
