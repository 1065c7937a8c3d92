/** What asyncv itself says to a person in a chat. */
export interface Texts {
  /** The task failed; nothing about the reason, which is for the operator. */
  failed: string
  cancelled: string
  /** Answer to `/stop`. */
  stopped: string
  /** Answers to `/new` and `/start`. */
  newSession: string
  greeting: string
  /** The message had nothing an agent can read. */
  unsupported: string
}

const english: Texts = {
  failed: 'Sorry, that did not work. Please try again.',
  cancelled: 'Stopped.',
  stopped: 'Stopped.',
  newSession: 'A new conversation. What I knew of the last one is set aside.',
  greeting: 'Hello! Write me a message. /new starts over, /stop stops me.',
  unsupported: 'I can only read text so far.',
}

const chinese: Texts = {
  failed: '抱歉，这次没有成功，请再试一次。',
  cancelled: '已停止。',
  stopped: '已停止。',
  newSession: '新的会话开始了，之前的内容已放到一边。',
  greeting: '你好！直接发消息给我即可。/new 开始新会话，/stop 停止当前任务。',
  unsupported: '我目前只能阅读文字消息。',
}

/** The texts for a language tag: the program's own for that tag or its main language, over the built-in ones. */
export function textsFor(language: string | null, overrides: Readonly<Record<string, Partial<Texts>>>): Texts {
  const tag = language ?? 'en'
  const main = tag.split('-')[0] ?? tag
  const builtIn = main === 'zh' ? chinese : english
  return { ...builtIn, ...overrides['*'], ...overrides[main], ...overrides[tag] }
}
