import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

/** The folder with the files of a database, whatever links lead to it. */
export function filesOf(database: string): string {
  return `${existsSync(database) ? realpathSync(database) : database}-files`
}

/** As `blobs/folder.ts` lays them out. */
export function blobPath(folder: string, sha256: string): string {
  return join(folder, sha256.slice(0, 2), sha256)
}
