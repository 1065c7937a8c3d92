import type { ParseError } from 'jsonc-parser'

/** Places of a text, counted from 1, and where it stops being JSON: what `JSON.parse` says quotes the text, which may hold a secret. */
export interface TextPlace {
  line: number
  /** In UTF-16 units. */
  column: number
}

export function placeAt(text: string, offset: number): TextPlace {
  const lines = text.slice(0, offset).split('\n')
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}

/** For a text that `JSON.parse` does not take. */
export async function malformedAt(text: string): Promise<TextPlace> {
  // Loaded when it is needed.
  const { parse } = await import('jsonc-parser')
  const errors: ParseError[] = []
  parse(text, errors, { disallowComments: true, allowTrailingComma: false })
  return placeAt(text, errors[0]?.offset ?? 0)
}
