import type { ResolvedOptions } from './config/resolve.ts'
import type { Connector } from './connector.ts'
import type { Provider } from './provider.ts'
import type { AgentsInUse, RunnableAgent } from './run/ports.ts'

/** What answers and what carries: the part of a configuration that can be replaced while the runtime runs. */
export interface Parts {
  readonly agents: ReadonlyMap<string, RunnableAgent>
  readonly providers: ReadonlyMap<string, Provider>
  readonly connectors: ReadonlyMap<string, Connector>
  /** The agent that answers each connector. */
  readonly routes: ReadonlyMap<string, RunnableAgent>
}

/** Parts, and the attempts that began while they were in force. */
class Generation implements AgentsInUse {
  readonly parts: Parts
  #attempts = 0
  #idle: (() => void)[] = []

  constructor(parts: Parts) {
    this.parts = parts
  }

  get agents(): Parts['agents'] {
    return this.parts.agents
  }

  begin(): this {
    this.#attempts += 1
    return this
  }

  end(): void {
    this.#attempts -= 1
    if (this.#attempts > 0) return
    for (const resolve of this.#idle) resolve()
    this.#idle = []
  }

  idle(): Promise<void> {
    return this.#attempts === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve))
  }
}

/**
 * The parts that are in force. Whoever asks gets those of the moment; an attempt of a task keeps those it began with, and
 * they are counted, so that it is known when what was replaced is used no more.
 */
export class PartsInForce implements Parts {
  #now: Generation
  readonly #before = new Set<Generation>()

  constructor(parts: Parts) {
    this.#now = new Generation(parts)
  }

  get parts(): Parts {
    return this.#now.parts
  }

  get agents(): Parts['agents'] {
    return this.#now.parts.agents
  }

  get providers(): Parts['providers'] {
    return this.#now.parts.providers
  }

  get connectors(): Parts['connectors'] {
    return this.#now.parts.connectors
  }

  get routes(): Parts['routes'] {
    return this.#now.parts.routes
  }

  /** For an attempt that begins; it calls `end` when it has ended. */
  begin(): AgentsInUse {
    return this.#now.begin()
  }

  /** Puts others in force, in one step. Resolves when no attempt uses any of those before. */
  swap(parts: Parts): Promise<void> {
    this.#before.add(this.#now)
    this.#now = new Generation(parts)
    const idle = [...this.#before].map(async (generation) => {
      await generation.idle()
      this.#before.delete(generation)
    })
    return Promise.all(idle).then(() => {})
  }
}

/** What options say of the parts that a release can replace. */
export function partsOf({ providers, connectors, routes }: ResolvedOptions, agents: Parts['agents']): Parts {
  const answering = [...routes].flatMap(([connector, { name }]) => {
    const agent = agents.get(name)
    return agent === undefined ? [] : [[connector, agent] as const]
  })
  return { agents, providers, connectors, routes: new Map(answering) }
}

/** The options, of which those that a release can replace are as they are at the moment. */
export function withParts(
  options: ResolvedOptions,
  inForce: PartsInForce,
): ResolvedOptions & { inForce: PartsInForce } {
  return {
    ...options,
    inForce,
    get agents() {
      return inForce.agents
    },
    get providers() {
      return inForce.providers
    },
    get connectors() {
      return inForce.connectors
    },
    get routes() {
      return inForce.routes
    },
  }
}
