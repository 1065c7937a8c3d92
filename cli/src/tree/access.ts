import type { Words } from '../words/english.ts'
import type { Command } from './command.ts'
import { sharedOptions } from './options.ts'

/** Who may call it, and the secrets that it calls others with. */
export function access(words: Words): Command[] {
  const { commands, options } = words
  const { json } = sharedOptions(words)
  return [
    {
      usage: 'keys create <name>',
      description: commands['keys create'],
      options: [
        { flags: '--scopes', description: options.scopes, takes: 'SCOPES' },
        { flags: '--space', description: options.space, takes: 'SPACE' },
        { flags: '--agents', description: options.keyAgents, takes: 'AGENTS' },
        { flags: '--expires', description: options.expires, takes: 'TIME' },
        json,
      ],
      load: () => import('../commands/keys.ts').then(({ create: run }) => ({ run })),
    },
    {
      usage: 'keys list',
      description: commands['keys list'],
      options: [json],
      load: () => import('../commands/keys.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'keys revoke <id>',
      description: commands['keys revoke'],
      options: [json],
      load: () => import('../commands/keys.ts').then(({ revoke: run }) => ({ run })),
    },
    {
      usage: 'secrets set <name>',
      description: commands['secrets set'],
      options: [
        { flags: '--origins', description: options.origins, takes: 'ORIGINS' },
        { flags: '--new-key', description: options.newKey },
        json,
      ],
      hidesWords: true,
      load: () => import('../commands/secrets.ts').then(({ set: run }) => ({ run })),
    },
    {
      usage: 'secrets list',
      description: commands['secrets list'],
      options: [json],
      load: () => import('../commands/secrets.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'secrets show <name>',
      description: commands['secrets show'],
      options: [json],
      load: () => import('../commands/secrets.ts').then(({ one: run }) => ({ run })),
    },
    {
      usage: 'secrets remove <name>',
      description: commands['secrets remove'],
      options: [json],
      load: () => import('../commands/secrets.ts').then(({ remove: run }) => ({ run })),
    },
  ]
}
