import { AsyncvError, type Plugin, pluginOf } from 'asyncv'
import { isAbsolute, join } from 'node:path'
import { CommandError } from '../failure.ts'

/** A package's name, or a path that begins with a dot or a slash. Nothing that would be fetched. */
const usable = /^(?:\.{0,2}\/.+|[A-Za-z]:[/\\].+|@?[a-z0-9][\w.-]*(?:\/[\w.-]+)*)$/

/**
 * Loads the modules that a configuration names in `plugins`, by their names there. Packages are found from the
 * configuration's folder; files may be TypeScript, and are read again at each load.
 */
export async function loadPlugins(config: unknown, directory: string): Promise<ReadonlyMap<string, Plugin>> {
  const { plugins } = Object(config) as { plugins?: unknown }
  const named = (Array.isArray(plugins) ? plugins : []).filter((entry) => typeof entry === 'string')
  const loaded = new Map<string, Plugin>()
  if (named.length === 0) return loaded
  // Loaded when it is needed: it brings a TypeScript compiler along.
  const { moduleReader } = await import('./module-reader.ts')
  const reader = moduleReader(join(directory, 'asyncv.config.ts'), { interopDefault: false })
  for (const [index, name] of named.entries()) {
    if (!usable.test(name)) {
      throw new CommandError(
        `plugins[${index}] is ${JSON.stringify(name)}.`,
        'Name a package, or a file with a path such as "./my-connector.ts".',
        2,
      )
    }
    loaded.set(name, asPlugin(name, await load(name, directory, (specifier) => reader.import(specifier))))
  }
  return loaded
}

async function load(
  name: string,
  directory: string,
  read: (specifier: string) => Promise<unknown>,
): Promise<Record<string, unknown>> {
  const isFile = name.startsWith('.') || isAbsolute(name)
  try {
    return Object(await read(isFile && !isAbsolute(name) ? join(directory, name) : name))
  } catch (error) {
    throw new CommandError(
      `The plugin "${name}" cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      isFile
        ? 'Check its path, which is relative to the configuration, and mend it.'
        : `Install it with "npm install ${name}".`,
      2,
    )
  }
}

function asPlugin(name: string, exported: Record<string, unknown>): Plugin {
  try {
    return pluginOf(name, exported)
  } catch (error) {
    if (!(error instanceof AsyncvError)) throw error
    throw new CommandError(error.message, error.hint ?? 'Mend it, or take it out of plugins.', 2)
  }
}
