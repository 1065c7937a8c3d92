/** Who may talk to the bot: what of an update goes on, and what the operator is told of the rest. */
import type { Inbound, Logger } from 'asyncv'
import type { ResolvedOptions } from './options.ts'
import { type Bot, parseUpdate } from './parse.ts'

export interface Update {
  update_id: number
}

export interface AdmissionPorts {
  logger: Logger
  allow: ResolvedOptions['allow']
}

/** Gives what an update asks of the runtime; null for one that is passed over. */
export function createAdmission({ logger, allow }: AdmissionPorts): (update: Update, bot: Bot) => Inbound | null {
  const once = tellOnce()
  return admitted

  function admitted(update: Update, bot: Bot): Inbound | null {
    const parsed = parseUpdate(update, bot)
    switch (parsed.type) {
      case 'nothing':
        return null
      case 'group':
        once(parsed.chat, () =>
          logger.info(
            { chat: parsed.chat, title: parsed.title },
            'Telegram: messages in groups and channels are passed over.',
          ),
        )
        return null
      case 'inbound':
        if (mayTalk(parsed.inbound)) return parsed.inbound
        once(parsed.inbound.person.id, () => tellOfStranger(parsed.inbound, bot))
        return null
    }
  }

  function mayTalk({ person }: Inbound): boolean {
    return allow === 'everyone' || allow.includes(person.id)
  }

  function tellOfStranger({ person }: Inbound, { username }: Bot): void {
    const ids = allow === 'everyone' ? [] : allow
    logger.warn(
      { person: person.id, name: person.name },
      `Telegram: person ${person.id} wrote to @${username}, who answers only people it may talk to. ` +
        `To let them in, put this into the options of the connector: allow: [${[...ids, person.id].join(', ')}]`,
    )
  }
}

/** Tells of each id once, and of a thousand at most before it starts over, so that a crowd cannot fill the memory. */
function tellOnce(): (id: string, tell: () => void) => void {
  const told = new Set<string>()
  return (id, tell) => {
    if (told.has(id)) return
    if (told.size >= 1_000) told.clear()
    told.add(id)
    tell()
  }
}
