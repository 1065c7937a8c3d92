import { createJiti, type Jiti } from 'jiti'
import { ownModules } from './own-modules.ts'

/**
 * Reads modules, which may be TypeScript, as they stand there now. What they import is found from where `file` is. With
 * `interopDefault` a module that exports only a default is this default.
 */
export function moduleReader(file: string, { interopDefault }: { interopDefault: boolean }): Jiti {
  return createJiti(file, { moduleCache: false, interopDefault, virtualModules: ownModules })
}
