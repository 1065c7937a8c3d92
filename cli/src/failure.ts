import type { AsyncvError } from 'asyncv'
import colors from 'picocolors'
import { clean } from './terminal/clean.ts'
import { words } from './words/spoken.ts'

/** What the command itself finds wrong. Not an `AsyncvError`: loading the library for it would make commands slower. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  constructor(
    message: string,
    /** The way out, as a sentence. */
    readonly hint: string,
    /** 1: it failed; 2: what was given is wrong; 130: Ctrl-C at a prompt. */
    readonly exitCode: 1 | 2 | 130,
  ) {
    super(message)
  }
}

/** Codes that mean that the person has to change something before it can work. */
const wrongInput =
  /^(config_|input_|storage_(unreadable|in_use|newer|changed|locked|driver_missing)|\w+_unknown$|secret_|vault_)/

/** Prints what went wrong and how to get out of it; sets the exit code. A bug keeps its stack. */
export function failWith(thrown: unknown): void {
  const error = isFolderGone(thrown) ? new CommandError(words.files.folderGone, words.files.folderGoneHint, 2) : thrown
  const { red, dim } = colors.createColors(colors.isColorSupported && process.stderr.isTTY)
  if (error instanceof CommandError || isAsyncvError(error)) {
    // A service may quote what others wrote.
    const hint = error.hint === undefined || error.hint === '' ? '' : `\n  ${dim(clean(error.hint))}`
    process.stderr.write(`${red('asyncv:')} ${clean(error.message)}${hint}\n`)
    process.exitCode = error instanceof CommandError ? error.exitCode : wrongInput.test(error.code) ? 2 : 1
    return
  }
  process.stderr.write(
    `${red(`asyncv: ${words.failure.bug}`)} ${clean(String(error instanceof Error ? error.stack : error))}\n`,
  )
  process.exitCode = 1
}

/** Whatever asks first where it is. */
function isFolderGone(error: unknown): boolean {
  const { code, syscall } = Object(error) as NodeJS.ErrnoException
  return code === 'ENOENT' && syscall === 'uv_cwd'
}

/** By name: see above. What looks at a database without the library is told of it in the same shape. */
function isAsyncvError(error: unknown): error is AsyncvError {
  return error instanceof Error && ['AsyncvError', 'StorageError'].includes(error.name)
}
