import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { CommandError } from '../failure.ts'
import { entryFor, type Wish } from '../mcp-hosts/entry.ts'
import { carryOut, planChange } from '../mcp-hosts/file.ts'
import { type HostName, hostNames, hostOf, type McpHost } from '../mcp-hosts/hosts.ts'
import { endWithReader, print, printJson, talk } from '../output.ts'
import { type Environment, usualDatabase } from '../settings/environment.ts'
import { findConfig } from '../settings/read-config.ts'
import { checkKey, checkUrl, findPlace } from '../calling/service.ts'
import { confirm } from '../terminal/confirm.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv mcp install`: tells an MCP host on this machine of asyncv, in the host's own file. */
export async function run(flags: Flags): Promise<void> {
  endWithReader()
  const { url = null, key = null, name = 'asyncv' } = flags as Record<string, string | undefined>
  const { database, env } = await findPlace(process.env)
  const there = { url: url === null ? null : checkUrl(url), key: checkKey(key) }
  const wish = { config: findConfig(undefined, process.env), database, namedBy: namedBy(database, env), ...there }
  if (flags['print'] === true) {
    const host = hostOf((flags['client'] as HostName | undefined) ?? 'claude-desktop', process.env)
    talk(words.mcp.printed(host.title, host.file), flags)
    return printJson({ [host.key]: { [name]: entryFor(host, wish) } })
  }
  const host = chosen(flags)
  const isRemoval = flags['remove'] === true
  const change = await planChange(host, name, isRemoval ? null : entryFor(host, wish))
  if (change.after === (change.before ?? '')) {
    return print(isRemoval ? words.mcp.notThere(host.title, name) : words.mcp.thereAlready(host.title, name))
  }
  const question = isRemoval ? words.mcp.askRemove(name, change.file) : words.mcp.askAdd(name, change.file)
  if (!(await confirm(question, flags))) {
    process.exitCode = 1
    return talk(words.mcp.nothingDone, flags)
  }
  const copy = carryOut(change)
  print(isRemoval ? words.mcp.removed(name, host.title) : words.mcp.added(name, host.title))
  if (copy !== null) talk(words.mcp.copy(copy), flags)
  if (copy !== null && change.hadKey) talk(words.mcp.keyInside(copy), flags)
  if (key !== null && !isRemoval) talk(words.mcp.keyInside(change.file), flags)
  talk(words.mcp.restart(host.title), flags)
}

/** A configuration that names a database comes before the folder in `ASYNCV_HOME`. */
function namedBy(database: string, env: Environment): Wish['namedBy'] {
  if (env['ASYNCV_STORAGE'] !== undefined) return 'ASYNCV_STORAGE'
  const home = env['ASYNCV_HOME']
  return home !== undefined && database === usualDatabase(env, home) ? 'ASYNCV_HOME' : null
}

/** The one that is named, or the only one that is here. */
function chosen(flags: Flags): McpHost {
  const named = flags['client'] as HostName | undefined
  if (named !== undefined) return hostOf(named, process.env)
  const all = hostNames.map((name) => hostOf(name, process.env))
  const here = all.filter(({ file, name }) => existsSync(name === 'claude-code' ? file : dirname(file)))
  const [only] = here
  if (only !== undefined && here.length === 1) return only
  const names = (here.length === 0 ? all : here).map(({ name }) => name)
  throw new CommandError(here.length === 0 ? words.mcp.noHost : words.mcp.whichHost, words.mcp.nameHost(names), 2)
}
