import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** When a file, or the newest one in a folder, was written, in ms; 0 when there is none. `except` is a folder in it that does not count. */
export function newest(place: string, except?: string): number {
  if (!existsSync(place)) return 0
  const { mtimeMs } = statSync(place)
  if (!statSync(place).isDirectory()) return mtimeMs
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' })
    // A folder is as new as what was last put into it.
    .filter((file) => except === undefined || (file !== except && !file.startsWith(join(except, '/'))))
  return Math.max(0, ...files.map((file) => statSync(join(place, file)).mtimeMs))
}
