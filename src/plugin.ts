/** What somebody else's module adds to a runtime: connectors and providers that a configuration names by their type, and tools. */
import type { ConnectorDefinition, ProviderDefinition } from './definition.ts'
import { AsyncvError } from './errors.ts'
import { checkKeys } from './internal/known-keys.ts'
import type { Logger } from './logger.ts'
import { type Tool, toolProblem } from './tool.ts'

/** The form of plugins that this version knows. Raised when one made for an older form would not work any more. */
export const pluginForm = 1

export interface PluginHost {
  logger: Logger
  /** Aborted when the plugin is to let go of everything: at a stop, and when a configuration without it is loaded. */
  signal: AbortSignal
}

export interface PluginOptions {
  /** 1 to 64 letters, digits, "_", "-", "." or "/", with an "@" in front if need be; in errors and logs. */
  name: string
  connectors?: readonly ConnectorDefinition[]
  providers?: readonly ProviderDefinition[]
  /** Agents may name them. */
  tools?: readonly Tool[]
  /** Called before connectors connect. When it throws, the runtime does not start. */
  start?: (host: PluginHost) => Promise<void> | void
  /**
   * Called once after everything that used the plugin has ended; what `start` began and the signal did not end, this ends.
   * Left behind after 5 s. A stop in a hurry may come before `start` has resolved.
   */
  stop?: () => Promise<void> | void
}

/** A checked plugin; make one with `definePlugin`. */
export interface Plugin {
  readonly kind: 'plugin'
  readonly form: number
  readonly name: string
  readonly definitions: readonly (ConnectorDefinition | ProviderDefinition)[]
  readonly tools: readonly Tool[]
  readonly start: ((host: PluginHost) => Promise<void> | void) | null
  readonly stop: (() => Promise<void> | void) | null
}

type Definition = ConnectorDefinition | ProviderDefinition

const usableName = /^@?[\w./-]{1,64}$/
const optionNames = ['name', 'connectors', 'providers', 'tools', 'start', 'stop']

/** Throws `config_invalid`. */
export function definePlugin(options: PluginOptions): Plugin {
  const { name, connectors = [], providers = [], tools = [], start = null, stop = null } = options
  if (typeof name !== 'string' || !usableName.test(name)) {
    throw new AsyncvError('config_invalid', `Plugin name ${JSON.stringify(name)} is not usable.`, {
      hint: 'Use 1 to 64 letters, digits, "_", "-", "." or "/".',
    })
  }
  checkKeys(`Plugin "${name}"`, options, optionNames)
  const odd = [
    ...oddOnes('connectors', connectors, isDefinition('connector')),
    ...oddOnes('providers', providers, isDefinition('provider')),
    ...oddTools(tools),
    ...([start, stop].some((hook) => hook !== null && typeof hook !== 'function') ? ['start or stop'] : []),
  ]
  if (odd.length > 0) {
    throw new AsyncvError('config_invalid', `Plugin "${name}": ${odd.join(', ')} is not what it should be.`, {
      hint: 'Make connectors with defineConnector, providers with defineProvider, tools with defineTool; start and stop are functions.',
    })
  }
  return Object.freeze({
    kind: 'plugin',
    form: pluginForm,
    name,
    definitions: [...connectors, ...providers],
    tools: [...tools],
    start,
    stop,
  })
}

/**
 * What a module exports as a plugin: the one that it defines, or the definitions and tools that it exports. Throws
 * `config_invalid` when there is nothing of that, or it was made for another form.
 */
export function pluginOf(name: string, exported: Readonly<Record<string, unknown>>): Plugin {
  const values = Object.values(exported)
  const defined = values.filter(isPlugin)
  if (new Set(defined).size > 1) {
    throw new AsyncvError('config_invalid', `Plugin "${name}" exports ${defined.length} plugins.`, {
      hint: 'Export one.',
    })
  }
  const [plugin] = defined
  if (plugin !== undefined) return ofThisForm(plugin, name)
  const unique = [...new Set(values)]
  const made = {
    name,
    connectors: unique.filter(isDefinition('connector')),
    providers: unique.filter(isDefinition('provider')),
    tools: unique.filter(isTool),
  }
  if (made.connectors.length + made.providers.length + made.tools.length > 0) return definePlugin(made)
  const names = Object.keys(exported).slice(0, 8).join(', ') || 'nothing'
  throw new AsyncvError('config_invalid', `Plugin "${name}" has no connector, provider or tool; it exports ${names}.`, {
    hint: 'Export what defineConnector, defineProvider, defineTool or definePlugin gives.',
  })
}

function ofThisForm(plugin: Plugin, name: string): Plugin {
  const other = otherForm(plugin.form)
  if (other === null) return plugin
  throw new AsyncvError('config_invalid', `Plugin "${name}" ${other.problem}`, { hint: other.hint })
}

function otherForm(form: unknown): { problem: string; hint: string } | null {
  if (form === pluginForm) return null
  return {
    problem: `has form ${String(form)}; this version of asyncv knows form ${pluginForm}.`,
    hint: typeof form === 'number' && form > pluginForm ? 'Update asyncv.' : 'Update the plugin.',
  }
}

/**
 * What is wrong with something that is given as a plugin, as a sentence, or null: it may be made by hand, or by another
 * version of asyncv.
 */
export function pluginProblem(place: string, value: unknown): string | null {
  if (!isObject(value) || value['kind'] !== 'plugin') return `${place}: is no plugin. Make it with definePlugin.`
  const { form, name, definitions, tools, start, stop } = value
  const its = `${place} (${JSON.stringify(name) ?? 'no name'})`
  const other = otherForm(form)
  if (other !== null) return `${its} ${other.problem} ${other.hint}`
  const wrong = (what: string, maker = 'definePlugin'): string => `${its}: ${what}. Make it with ${maker}.`
  if (typeof name !== 'string' || !usableName.test(name)) return wrong('name is not usable')
  if (!Array.isArray(definitions)) return wrong('definitions is no list')
  const fits = (made: unknown): boolean => isDefinition('connector')(made) || isDefinition('provider')(made)
  const [odd] = oddOnes('definitions', definitions, fits)
  if (odd !== undefined) return wrong(`${odd} is neither connector nor provider`, 'defineConnector or defineProvider')
  if (!Array.isArray(tools)) return wrong('tools is no list')
  for (const [index, tool] of tools.entries()) {
    const problem = isObject(tool) ? toolProblem(tool) : 'is no tool'
    const known = isObject(tool) && typeof tool['name'] === 'string' ? ` (${JSON.stringify(tool['name'])})` : ''
    if (problem !== null) return wrong(`tools[${index}]${known}: ${problem}`, 'defineTool')
  }
  if (start !== null && typeof start !== 'function') return wrong('start is no function')
  if (stop !== null && typeof stop !== 'function') return wrong('stop is no function')
  return null
}

/** By their shape: a plugin may come with an asyncv of its own. */
function isPlugin(value: unknown): value is Plugin {
  return isObject(value) && value['kind'] === 'plugin' && 'form' in value
}

function isDefinition<Kind extends Definition['kind']>(kind: Kind) {
  return (value: unknown): value is Extract<Definition, { kind: Kind }> =>
    isObject(value) &&
    value['kind'] === kind &&
    typeof value['type'] === 'string' &&
    isObject(value['options']) &&
    typeof value['create'] === 'function'
}

function isTool(value: unknown): value is Tool {
  return (
    isObject(value) &&
    typeof value['name'] === 'string' &&
    typeof value['run'] === 'function' &&
    typeof value['effect'] === 'string' &&
    isObject(value['inputJsonSchema'])
  )
}

function oddTools(tools: readonly unknown[]): string[] {
  return tools.flatMap((tool, index) => {
    const problem = isObject(tool) ? toolProblem(tool) : 'it is no object'
    return problem === null ? [] : [`tools[${index}] (${problem})`]
  })
}

function oddOnes(place: string, values: readonly unknown[], fits: (value: unknown) => boolean): string[] {
  return values.flatMap((value, index) => (fits(value) ? [] : [`${place}[${index}]`]))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
