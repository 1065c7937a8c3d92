import { dirname, resolve } from 'node:path'
import type { Flags } from '../tree/command.ts'
import { type Environment, usualDatabase } from './environment.ts'

/** The folder of Studio's data: where `--home` says, or the one of a runtime here. */
export function studioHome({ home }: Flags, env: Environment, directory: string): string {
  return typeof home === 'string' ? resolve(home) : dirname(usualDatabase(env, directory))
}
