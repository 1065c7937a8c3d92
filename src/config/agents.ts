import { type Agent, defineAgent } from '../agent.ts'
import { AsyncvError } from '../errors.ts'
import { suggestion } from '../internal/nearest.ts'
import type { AsyncvOptions, Price } from '../options.ts'
import type { Provider } from '../provider.ts'
import type { RunnableAgent } from '../run/ports.ts'
import type { Tool } from '../tool.ts'
import type { Report } from './report.ts'

/** Those that are what an agent has to be; what is wrong with the others is added to `problems`. */
export function definedAgents(given: AsyncvOptions['agents'], problems: string[]): Agent[] {
  return given.flatMap((options) => {
    try {
      return [defineAgent(options)]
    } catch (error) {
      if (!(error instanceof AsyncvError)) throw error
      problems.push([error.message, error.hint].filter((text) => text !== undefined).join(' '))
      return []
    }
  })
}

/** What agents may name. */
export interface Known {
  providers: ReadonlyMap<string, Provider>
  tools: ReadonlyMap<string, Tool>
  prices: Readonly<Record<string, Price>>
}

/** An agent with its references resolved; those that lead nowhere are left out, and reported. */
export function resolveAgent(
  agent: Pick<Agent, 'name' | 'model' | 'tools'> & Omit<RunnableAgent, 'tools' | 'models'>,
  { providers, tools: known, prices }: Known,
  report: Report,
): RunnableAgent {
  const models = agent.model.flatMap((reference, index) => {
    const slash = reference.indexOf('/')
    const name = reference.slice(0, slash)
    const provider = providers.get(name)
    const price = prices[reference] ?? null
    if (provider !== undefined) return [{ reference, provider, model: reference.slice(slash + 1), price }]
    report(
      `Agent "${agent.name}": model "${reference}" names no provider.${suggestion(name, [...providers.keys()], 'providers')}`,
      ['model', index],
    )
    return []
  })
  const tools = agent.tools.flatMap((tool, index) => {
    if (typeof tool !== 'string') return [tool]
    const found = known.get(tool)
    if (found !== undefined) return [found]
    report(`Agent "${agent.name}": unknown tool "${tool}".${suggestion(tool, [...known.keys()], 'tools')}`, [
      'tools',
      index,
    ])
    return []
  })
  for (const [index, { name }] of tools.entries()) {
    if (tools.findIndex((tool) => tool.name === name) === index) continue
    report(`Two of the same name: agent "${agent.name}": tool "${name}". Rename one.`, ['tools', index])
  }
  return { ...agent, tools, models }
}
