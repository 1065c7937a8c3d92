import {
  type Asyncv,
  AsyncvError,
  defaultSpace,
  type Scope,
  type SendInput,
  type Session,
  type Task,
  type Within,
} from 'asyncv'
import { beyondScope } from './authenticator.ts'
import type { Principal } from './principal.ts'

/**
 * What of a runtime one principal sees. What belongs to another space, or to an agent that its key does not name, is not
 * there for it: a foreign id gets the same answer as one that nobody ever had.
 */
export class Sight {
  readonly #asyncv: Asyncv
  readonly #principal: Principal

  constructor(asyncv: Asyncv, principal: Principal) {
    this.#asyncv = asyncv
    this.#principal = principal
  }

  /** Any one of the scopes will do. */
  need(...wanted: Scope[]): void {
    if (wanted.some((scope) => this.#principal.scopes.has(scope))) return
    const hint = `Use a key made with --scopes ${wanted[0]}.`
    throw beyondScope(`This needs the scope ${wanted.join(' or ')}.`, hint, wanted[0])
  }

  get agents(): Asyncv['agents'] {
    return this.#asyncv.agents.filter(({ name }) => this.#mayUse(name))
  }

  /** A filter that lets through what it sees. */
  get within(): Within {
    const { space, agents } = this.#principal
    return { ...(space === null ? {} : { space }), ...(agents === null ? {} : { agents }) }
  }

  /** A message of the principal's own space. An agent that is not for it is as unknown as one that is not there. */
  own(input: SendInput): SendInput {
    this.need('invoke')
    const space = this.#principal.space ?? input.space ?? defaultSpace
    // Who may use all of them is told by the runtime itself which there are.
    if (this.#principal.agents === null) return { ...input, space }
    const known = this.agents.map(({ name }) => name)
    if (known.includes(input.agent)) return { ...input, space }
    throw new AsyncvError('agent_unknown', `Unknown agent ${JSON.stringify(input.agent)}.`, {
      hint:
        known.length > 0
          ? `Known agents: ${known.join(', ')}.`
          : 'The key is for agents that there are not; make one without --agents, or with others.',
    })
  }

  async session(id: string): Promise<Session> {
    const session = await this.#asyncv.session(id)
    if (this.#sees(session)) return session
    throw unknown('session', id)
  }

  async task(id: string): Promise<Task> {
    const task = await this.#asyncv.task(id)
    if (this.#sees(task)) return task
    throw unknown('task', id)
  }

  /** Throws as for one that is not there, where it does not see it. */
  async delivery(id: string): Promise<void> {
    const { task } = await this.#asyncv.delivery(id)
    const { space, agents } = this.#principal
    // What answers nobody was said in a chat of a connector.
    const sees =
      task === null
        ? (space ?? defaultSpace) === defaultSpace && agents === null
        : await this.task(task).then(
            () => true,
            () => false,
          )
    if (!sees) throw unknown('delivery', id)
  }

  #mayUse(agent: string): boolean {
    return this.#principal.agents?.includes(agent) ?? true
  }

  #sees({ space, agent }: Pick<Session, 'space' | 'agent'>): boolean {
    return (this.#principal.space ?? space) === space && this.#mayUse(agent)
  }
}

/** In the words in which the runtime says it of an id that nobody ever had. */
export function unknown(what: 'task' | 'session' | 'message' | 'delivery', id: string): AsyncvError {
  return new AsyncvError(`${what}_unknown`, `There is no ${what} ${JSON.stringify(id)}.`)
}
