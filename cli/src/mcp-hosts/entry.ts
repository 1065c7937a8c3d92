import { dirname } from 'node:path'
import { realpathSync } from 'node:fs'
import type { McpHost } from './hosts.ts'

/** What a host is told to start. */
export interface McpEntry {
  type?: 'stdio'
  command: string
  args: string[]
  env?: Record<string, string>
}

export interface Wish {
  /** The configuration of the agents that are asked; null where there is none. */
  config: string | null
  /** The database of that folder. */
  database: string
  /** The variable that names it, or its folder: the host has none of this shell. Null where there is none. */
  namedBy: 'ASYNCV_STORAGE' | 'ASYNCV_HOME' | null
  /** A service somewhere else. */
  url: string | null
  /** For that, or for one that wants a key. */
  key: string | null
}

/** Hosts start it with an environment of their own, in a folder of their own: so everything is named in full. */
export function entryFor(
  { isTyped }: Pick<McpHost, 'isTyped'>,
  { config, database, namedBy, url, key }: Wish,
): McpEntry {
  const { command, args } = thisCommand()
  const here: Record<string, string> = url !== null ? {} : placeOf({ config, database, namedBy })
  const env = { ...here, ...(key === null ? {} : { ASYNCV_KEY: key }) }
  return {
    ...(isTyped ? { type: 'stdio' } : {}),
    command,
    args: [...args, 'mcp', ...(url === null ? [] : ['--url', url])],
    ...(Object.keys(env).length === 0 ? {} : { env }),
  }
}

function placeOf({ config, database, namedBy }: Pick<Wish, 'config' | 'database' | 'namedBy'>): Record<string, string> {
  const isInHome = namedBy === 'ASYNCV_HOME' || (namedBy === null && config === null)
  return {
    ...(config === null ? {} : { ASYNCV_CONFIG: config }),
    ...(namedBy === 'ASYNCV_STORAGE' ? { ASYNCV_STORAGE: `sqlite:${database}` } : {}),
    ...(isInHome ? { ASYNCV_HOME: dirname(database) } : {}),
  }
}

/** How this very command is started again. npx keeps what it has fetched for as long as it likes, so it fetches it anew. */
function thisCommand(): { command: string; args: string[] } {
  const script = realpathSync(process.argv[1] ?? '')
  if (/[\\/]_npx[\\/]/.test(script)) return { command: 'npx', args: ['-y', '@asyncv/cli'] }
  return { command: process.execPath, args: [...process.execArgv, script] }
}
