import { dirname, join } from 'node:path'
import { CommandError } from '../failure.ts'
import { words } from '../words/spoken.ts'
import { changeJsonFile, readJsonFile } from './json-file.ts'

/** Which runtime answered at which URL, in a file beside the key of who signs: what is at the end of a tunnel today may be another one tomorrow. */
export class KnownRuntimes {
  readonly #file: string

  constructor(database: string) {
    this.#file = join(dirname(database), 'known-runtimes.json')
  }

  /** Whether it answered there before. Throws when another one did. */
  check(url: string, runtime: string): boolean {
    const known = this.#read()[url]
    if (known === undefined || known === runtime) return known === runtime
    throw new CommandError(
      words.deploy.anotherRuntime(url, runtime, known),
      words.deploy.anotherRuntimeHint(this.#file),
      1,
    )
  }

  /** On disk when it returns. */
  note(url: string, runtime: string): void {
    changeJsonFile(this.#file, () => ({ runtimes: { ...this.#read(), [url]: runtime } }))
  }

  #read(): Record<string, string> {
    const read = readJsonFile(this.#file)
    if (read === undefined) return {}
    const { runtimes } = (read ?? {}) as { runtimes?: unknown }
    if (isRecord(runtimes)) return runtimes
    throw new CommandError(words.deploy.noRuntimes(this.#file), words.deploy.noRuntimesHint, 2)
  }
}

function isRecord(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.values(value).every((id) => typeof id === 'string')
}
