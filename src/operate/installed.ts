import { z } from 'zod'
import type { ResolvedOptions } from '../config/resolve.ts'
import type { Definition } from '../definition.ts'
import { calculator } from '../offline/calculator.ts'
import { time } from '../offline/time.ts'
import type { Installed, InstalledTool, InstalledType } from '../operating.ts'
import type { JsonSchema, Tool } from '../tool.ts'

type AnyDefinition = Pick<Definition<'connector' | 'provider', unknown>, 'kind' | 'type' | 'options'>

/** What a configuration may name: types by plugins, which come before built-in ones of the same name, and tools. */
export function installed(
  { plugins, tools, agents }: Pick<ResolvedOptions, 'plugins' | 'tools' | 'agents'>,
  builtIn: readonly AnyDefinition[],
): Installed {
  const types = [
    ...plugins.flatMap(({ name, definitions }) => definitions.map((definition) => typeOf(definition, name))),
    ...builtIn.map((definition) => typeOf(definition, 'built-in')),
  ]
  const first = ({ kind, type }: InstalledType, index: number): boolean =>
    types.findIndex((other) => other.kind === kind && other.type === type) === index
  // Agents may hold tools that have no name for others; two of them may have the same.
  const all = new Set([...tools.values(), ...[...agents.values()].flatMap((agent) => agent.tools)])
  return { types: types.filter(first), tools: [...all].map((tool) => toolOf(tool, originOf(tool, plugins))) }
}

function typeOf({ kind, type, options }: AnyDefinition, origin: string): InstalledType {
  return { kind, type, origin, options: schemaOf(options) }
}

/** A plugin may come with a schema library of its own, or with a version that this one cannot read. */
function schemaOf(options: z.ZodType): JsonSchema | null {
  try {
    // `unrepresentable`: an official client, say, is in no document.
    return z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  } catch {
    return null
  }
}

function toolOf({ name, description, effect, inputJsonSchema }: Tool, origin: string): InstalledTool {
  return { name, description, effect, origin, input: inputJsonSchema }
}

function originOf(tool: Tool, plugins: ResolvedOptions['plugins']): string {
  if (tool === time || tool === calculator) return 'built-in'
  return plugins.find(({ tools }) => tools.includes(tool))?.name ?? 'program'
}
