import type { Words } from '../words/english.ts'
import type { Command } from './command.ts'
import { sharedOptions } from './options.ts'

/** Talking to it. */
export function talking(words: Words): Command[] {
  const { commands, options } = words
  const { url, key, reading } = sharedOptions(words)
  return [
    {
      usage: 'chat',
      description: commands.chat,
      options: [
        { flags: '-a, --agent', description: options.chatAgent, takes: 'AGENT' },
        { flags: '-s, --session', description: options.session, takes: 'SESSION' },
        { flags: '--draft', description: options.draft, takes: 'FILE' },
        url,
        key,
      ],
      load: () => import('../commands/chat.ts'),
    },
    {
      usage: 'status',
      description: commands.status,
      options: [{ flags: '-w, --watch', description: options.watchStatus }, ...reading],
      load: () => import('../commands/status.ts'),
    },
    {
      usage: 'send <agent> [text]',
      description: commands.send,
      options: [
        { flags: '-s, --session', description: options.session, takes: 'SESSION' },
        { flags: '--async', description: options.async },
        { flags: '--idempotency-key', description: options.idempotencyKey, takes: 'KEY' },
        { flags: '--when-busy', description: options.whenBusy, takes: ['queue', 'steer'] },
        ...reading,
      ],
      load: () => import('../commands/send.ts'),
    },
    { usage: 'agents', description: commands.agents, options: reading, load: () => import('../commands/agents.ts') },
  ]
}
