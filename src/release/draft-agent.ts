import { AsyncvError } from '../errors.ts'
import type { Parts } from '../parts-in-force.ts'
import type { RunnableAgent } from '../run/ports.ts'
import { releaseDocument } from '../schemas/release.ts'

/** The agent of a draft that is meant: by its name, or the only one that the document has. */
export function draftAgent({ agents }: Parts, document: unknown, named: string | undefined): RunnableAgent {
  const names = releaseDocument.parse(document).agents.map(({ name }) => name)
  const name = named ?? (names.length === 1 ? names[0] : undefined)
  if (name === undefined) {
    throw new AsyncvError('input_invalid', 'The document has no agent, or several.', {
      hint: `Name one: ${names.join(', ') || 'there is none'}.`,
    })
  }
  const agent = names.includes(name) ? agents.get(name) : undefined
  if (agent !== undefined) return agent
  throw new AsyncvError('agent_unknown', `The document has no agent ${JSON.stringify(name)}.`, {
    hint: `Its agents: ${names.join(', ') || 'none'}.`,
  })
}
