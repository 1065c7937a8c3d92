import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** When the newest file in a folder was written, in ms; 0 when there is none. `except` is a folder in it that does not count. */
export function newest(folder: string, except?: string): number {
  if (!existsSync(folder)) return 0
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    // A folder is as new as what was last put into it.
    .filter((file) => except === undefined || (file !== except && !file.startsWith(join(except, '/'))))
  return Math.max(0, ...files.map((file) => writtenAt(join(folder, file))))
}

/** ms. */
export function writtenAt(file: string): number {
  return statSync(file).mtimeMs
}
