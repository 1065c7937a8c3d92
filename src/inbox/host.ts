import type { Clock } from '../clock.ts'
import type { Accepted, ConnectorHost, ConnectorState, Inbound } from '../connector.ts'
import type { Logger } from '../logger.ts'
import { addressOf, defaultSpace } from '../session.ts'
import type { CommandArrival, Storage } from '../storage.ts'
import type { WhenBusy } from '../task.ts'
import type { Texts } from '../texts.ts'
import type { Inbox } from './inbox.ts'

export interface HostPorts {
  inbox: Inbox
  storage: Pick<Storage, 'keepState' | 'connectorState'>
  clock: Clock
  logger: Logger
  signal: AbortSignal
  /** Resolves when what an earlier run left behind has its place; until then nothing new is taken in. */
  recovered: Promise<void>
  /** What the connector says about its platform. */
  health(state: { ok: boolean; detail?: string }): void
  /** Throws `not_running` once the connector is stopped: what it was left to do then is no longer its own. */
  checkOpen(): void
  /** Who answers what comes in over this connector. */
  agent: { name: string; whenBusy: WhenBusy | null }
  texts(language: string | null): Texts
}

/** What a connector sees of the runtime: somewhere to put what arrived. */
export function createHost(ports: HostPorts): ConnectorHost {
  const { inbox, storage, clock, logger, signal } = ports
  return {
    logger,
    signal,
    health: ports.health,
    state: (account, key) => storage.connectorState(account, key),
    async accept(inbound, { account, state }) {
      await ports.recovered
      ports.checkOpen()
      const kept = state === undefined ? null : { ...state, account }
      if (inbound === null) {
        if (kept !== null) await storage.keepState(kept, clock.now())
        return null
      }
      return inbound.type === 'message' ? take(inbound, kept) : carryOut(inbound, kept)
    },
  }

  async function take(
    inbound: Extract<Inbound, { type: 'message' }>,
    state: (ConnectorState & { account: string }) | null,
  ): Promise<Accepted> {
    const { from, person, language = null, eventId, parts } = inbound
    const { message, task, duplicate } = await inbox.accept({
      task: clock.id(),
      address: addressOf(from),
      agent: ports.agent.name,
      // The platform's event id says enough: the same event never has another body.
      dedupe: { scope: from.account, key: eventId, bodyHash: '' },
      parts,
      whenBusy: ports.agent.whenBusy ?? 'steer',
      destination: from,
      context: { person, space: defaultSpace, language, metadata: {} },
      state,
    })
    return { message, task, duplicate }
  }

  async function carryOut(
    inbound: Exclude<Inbound, { type: 'message' }>,
    state: (ConnectorState & { account: string }) | null,
  ): Promise<Accepted> {
    const { from, person, language = null, eventId } = inbound
    const address = addressOf(from)
    const name = inbound.type === 'command' ? inbound.command : inbound.type
    const { message, duplicate } = await inbox.carryOut({
      name,
      action: actionOf(inbound),
      address,
      agent: ports.agent.name,
      dedupe: { scope: from.account, key: eventId, bodyHash: '' },
      parts: inbound.type === 'command' ? [{ type: 'text', text: `/${inbound.command}` }] : [],
      person,
      notice: { text: wordsFor(inbound, ports.texts(language)), destination: address },
      state,
    })
    return { message, task: null, duplicate }
  }
}

function actionOf(inbound: Exclude<Inbound, { type: 'message' }>): CommandArrival['action'] {
  if (inbound.type === 'unsupported') return 'none'
  const actions = { new: 'new-session', stop: 'cancel-open', start: 'none' } as const
  return actions[inbound.command]
}

function wordsFor(inbound: Exclude<Inbound, { type: 'message' }>, texts: Texts): string {
  if (inbound.type === 'unsupported') return texts.unsupported
  const words = { new: texts.newSession, stop: texts.stopped, start: texts.greeting }
  return words[inbound.command]
}
