import colors from 'picocolors'
import { CommandError, failWith } from './failure.ts'
import type { Flags } from './tree/command.ts'
import { words } from './words/spoken.ts'

/**
 * Ends the command quietly when whoever reads its results has left, as `head` does, and with a word on it when they cannot be
 * written, as on a full disk. What is said beside them is not needed.
 */
export function endWithReader(): void {
  // One listener, however often.
  process.stdout.off('error', unwritten).on('error', unwritten)
  process.stderr.off('error', unsaid).on('error', unsaid)
}

function unwritten(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit()
  failWith(new CommandError(words.failure.unwritten(error.message), words.failure.unwrittenHint, 1))
  process.exit()
}

function unsaid(): void {}

/** A result, for whoever reads stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function printJson(value: unknown): void {
  print(harmless(JSON.stringify(value, null, 2)))
}

/** The same in one line, where there are many. */
export function printJsonLine(value: unknown): void {
  print(harmless(JSON.stringify(value)))
}

/** What JSON leaves as it is and a terminal obeys: written as an escape it is the same value. */
function harmless(json: string): string {
  return json.replace(
    /[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** What is said beside the results, on stderr; with `--quiet` it is not. */
export function talk(text: string, flags: Flags): void {
  if (flags['quiet'] === true) return
  const { dim } = colors.createColors(colors.isColorSupported && process.stderr.isTTY)
  process.stderr.write(`${dim(text)}\n`)
}
