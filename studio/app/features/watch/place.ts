import type { Words } from '../../words/english.ts'

/** Platforms by what their addresses begin with; these are names, the same in every language. */
const platforms: Record<string, string> = { tg: 'Telegram', slack: 'Slack', wechat: 'WeChat', discord: 'Discord' }

/**
 * An address in words: `tg:4242:77:-` is chat 77 on Telegram, `api:default:support:user-42` the conversation that an API
 * caller names user-42, and what Studio's playground names is said to be of there. What is of neither shape is shown as it is.
 */
export function placeOf(address: string, words: Words['watch']): string {
  const [platform = '', account, ...rest] = address.split(':')
  if (platform === 'api' && rest.length >= 2) {
    const own = rest.slice(1).join(':')
    const [, tried] = /^studio-([0-9a-f]{8})-[0-9a-f-]{27}$/.exec(own) ?? []
    if (tried !== undefined) return words.playgroundSession(tried)
    return own === '' ? words.apiCaller : words.apiSession(own)
  }
  const [chat, thread] = rest
  if (account === undefined || chat === undefined) return address
  return words.chatOn(platforms[platform] ?? platform, chat, thread === undefined || thread === '-' ? null : thread)
}

/** Whether that is an id, whole: of a message, a task or a session. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}

/** The end of an id: ids of one time begin alike. */
export function shortId(id: string): string {
  return id.slice(-8)
}

/** The first words of what is said, in one line: without the marks of Markdown, which mean nothing there. */
export function inShort(parts: Parameters<typeof textOf>[0]): string {
  return textOf(parts)
    .slice(0, 400)
    .replace(/^(#{1,6}|>|[-*]|\d+\.) |\*\*|`/gm, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .slice(0, 200)
}

/** What is said in parts, as text. */
export function textOf(parts: readonly { type: string; text?: string; name?: string }[]): string {
  return parts.map((part) => part.text ?? (part.name ? `[${part.name}]` : `[${part.type}]`)).join('\n')
}
