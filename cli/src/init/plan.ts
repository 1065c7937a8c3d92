/** What `asyncv init` is to set up. */
export interface Plan {
  model: ModelPlan
  telegram: TelegramPlan | null
}

export interface ModelPlan {
  /** Null for the offline demo. */
  service: ModelService | null
  /** The service's own name for it. */
  name: string
}

/** Something that speaks the OpenAI protocol. */
export interface ModelService {
  /** Default: the official one. */
  baseURL?: string
  key?: NamedSecret
}

/** A value for `.env`, and the name that the configuration has for it. */
export interface NamedSecret {
  name: string
  value: string
}

export interface TelegramPlan {
  token: string
  /** Default: Telegram's own. */
  apiRoot?: string
  /** Ids of people. */
  allow: 'everyone' | string[]
}

export const demo: ModelPlan = { service: null, name: 'demo' }

export const tokenName = 'TELEGRAM_BOT_TOKEN'

/** The key that most programs know by this name is only for the service that most programs mean. */
export const keyName = (fromVariables: boolean): string => (fromVariables ? 'OPENAI_API_KEY' : 'MODEL_API_KEY')

/** Ids as a person writes them, with commas or spaces between; null for what is none. */
export function parseAllow(text: string): TelegramPlan['allow'] | null {
  if (text.trim() === 'everyone') return 'everyone'
  const ids = text.split(/[\s,]+/).filter((id) => id !== '')
  return ids.every((id) => /^[1-9]\d{0,14}$/.test(id)) ? ids : null
}

export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text)
}

export function secretsOf({ model, telegram }: Plan): NamedSecret[] {
  const key = model.service?.key
  return [
    ...(key === undefined ? [] : [key]),
    ...(telegram === null ? [] : [{ name: tokenName, value: telegram.token }]),
  ]
}
