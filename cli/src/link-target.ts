import { readlinkSync, realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Where a link leads, be there something yet or not: who keeps a file elsewhere keeps it there. Throws for links in a circle. */
export function targetOf(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const link = linkAt(path)
  return link === null ? path : targetOf(resolve(dirname(path), link))
}

/** Null for what is no link, or not there. */
function linkAt(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}
