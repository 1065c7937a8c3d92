/** What Telegram makes of the text and entities it is given. Pure. */
import type { Entity } from '../page.ts'
import { badRequest } from './refusal.ts'

/** Longest text of a message (core.telegram.org/bots/api#sendmessage). */
const textLimit = 4_096

export interface FormattedText {
  text: string
  entities: Entity[]
}

/** Checks and trims as the Bot API does; throws a `Refusal`. */
export function formattedText(given: unknown, entities: unknown): FormattedText {
  if (typeof given !== 'string' || given.trim() === '') throw badRequest('message text is empty')
  const checked = checkedEntities(given, entities)
  const text = given.trim()
  if (text.length > textLimit) throw badRequest('message is too long')
  return { text, entities: trimmed(checked, given.length - given.trimStart().length, text.length) }
}

function checkedEntities(text: string, given: unknown): Entity[] {
  const entities: unknown = typeof given === 'string' ? parsed(given) : (given ?? [])
  if (!Array.isArray(entities)) throw badRequest("can't parse entities: expected an Array")
  return entities.map((entity: unknown) => checkedEntity(text, entity))
}

function checkedEntity(text: string, entity: unknown): Entity {
  if (typeof entity !== 'object' || entity === null || !('type' in entity) || typeof entity.type !== 'string') {
    throw badRequest("can't parse entities: MessageEntity must have a type")
  }
  const { offset, length } = entity as Partial<Entity>
  if (!Number.isInteger(offset) || !Number.isInteger(length) || offset === undefined || length === undefined) {
    throw badRequest('can\'t parse entities: Field "offset" and "length" must be numbers')
  }
  const end = offset + length
  const place = `Entity beginning at UTF-16 offset ${offset}`
  if (offset < 0 || length <= 0 || end > text.length) {
    throw badRequest(`${place} ends after the end of the text at UTF-16 offset ${text.length}`)
  }
  if (cutsCharacter(text, offset) || cutsCharacter(text, end)) {
    throw badRequest(`${place} begins or ends in a middle of a UTF-16 symbol`)
  }
  // The rest of the entity, such as its url, is kept as it came.
  return entity as Entity
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw badRequest("can't parse entities: invalid JSON")
  }
}

function cutsCharacter(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return at > 0 && at < text.length && unit >= 0xdc00 && unit <= 0xdfff
}

/** What is left of entities when white space goes from both ends of the text. */
function trimmed(entities: readonly Entity[], lead: number, length: number): Entity[] {
  return entities.flatMap((entity) => {
    const start = Math.max(0, entity.offset - lead)
    const end = Math.min(length, entity.offset + entity.length - lead)
    return end > start ? [{ ...entity, offset: start, length: end - start }] : []
  })
}
