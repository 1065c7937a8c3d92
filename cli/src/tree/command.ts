/** What was given on the command line, by the long name of each option. */
export type Flags = Readonly<Record<string, string | boolean | undefined>>

export interface Option {
  /** `-u, --url`: a short form, where there is one, and the long one. */
  flags: string
  description: string
  /** What it takes: a word for it, or the values there are. A switch takes nothing. */
  takes?: string | readonly string[]
}

export interface Command {
  /** Its name of one or two words, and what it takes: `<text>` has to be there, `[text]` may be. */
  usage: string
  description: string
  options: readonly Option[]
  /** A word too many may be a secret, and is not to be shown. */
  hidesWords?: true
  load(): Promise<{ run(flags: Flags, ...words: string[]): Promise<void> }>
}

/** `tasks show` of `tasks show <id>`. */
export function nameOf({ usage }: Command): string {
  return usage
    .split(' ')
    .filter((word) => !/^[<[]/.test(word))
    .join(' ')
}

/** `<id>` of `tasks show <id>`. */
export function placesOf({ usage }: Command): string[] {
  return usage.split(' ').filter((word) => /^[<[]/.test(word))
}
