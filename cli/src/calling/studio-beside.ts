import { dirname, join } from 'node:path'
import { readOwner } from '@asyncv/migrations'
import { type Environment, readEnvironment } from '../settings/environment.ts'
import { findConfig } from '../settings/read-config.ts'
import { studioHome } from '../settings/studio-home.ts'

/** Where a Studio runs whose data are where a runtime of this folder has its own; null where none does, or it cannot be told. */
export async function studioBeside(variables: Environment): Promise<string | null> {
  try {
    const file = findConfig(undefined, variables)
    const directory = file === null ? process.cwd() : dirname(file)
    const home = studioHome({}, readEnvironment(directory, variables), directory)
    return (await readOwner(join(home, 'studio.db')))?.url ?? null
  } catch {
    return null
  }
}
