import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** When the newest file in a folder was written, in ms; 0 when there is none. */
export function newest(folder: string): number {
  if (!existsSync(folder)) return 0
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Math.max(0, ...files.map((file) => statSync(join(folder, file)).mtimeMs))
}
