import colors from 'picocolors'
import type { Flags } from './tree.ts'

/** Ends the command quietly when whoever reads its results has left, as `head` does. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    throw error
  })
}

/** A result, for whoever reads stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2))
}

/** What is said beside the results, on stderr; with `--quiet` it is not. */
export function talk(text: string, flags: Flags): void {
  if (flags['quiet'] === true) return
  const { dim } = colors.createColors(colors.isColorSupported && process.stderr.isTTY)
  process.stderr.write(`${dim(text)}\n`)
}
