import type { Words } from '../words/english.ts'
import { taskStates, deliveryStates } from './choices.ts'
import type { Command } from './command.ts'
import { sharedOptions } from './options.ts'

/** What it did, and what became of a message. */
export function looking(words: Words): Command[] {
  const { commands, options } = words
  const { yes, page, reading } = sharedOptions(words)
  return [
    {
      usage: 'sessions list',
      description: commands['sessions list'],
      options: [...page, ...reading],
      load: () => import('../commands/sessions.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'sessions show <id>',
      description: commands['sessions show'],
      options: [...page, ...reading],
      load: () => import('../commands/sessions.ts').then(({ show: run }) => ({ run })),
    },
    {
      usage: 'tasks list',
      description: commands['tasks list'],
      options: [
        { flags: '--state', description: options.taskState, takes: taskStates },
        { flags: '-s, --session', description: options.ofSession, takes: 'ID' },
        ...page,
        ...reading,
      ],
      load: () => import('../commands/tasks.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'tasks show <id>',
      description: commands['tasks show'],
      options: reading,
      load: () => import('../commands/tasks.ts').then(({ show: run }) => ({ run })),
    },
    {
      usage: 'tasks cancel <id>',
      description: commands['tasks cancel'],
      options: reading,
      load: () => import('../commands/tasks.ts').then(({ cancel: run }) => ({ run })),
    },
    {
      usage: 'tasks retry <id>',
      description: commands['tasks retry'],
      options: reading,
      load: () => import('../commands/tasks.ts').then(({ retry: run }) => ({ run })),
    },
    {
      usage: 'deliveries list',
      description: commands['deliveries list'],
      options: [
        { flags: '--state', description: options.deliveryState, takes: deliveryStates },
        { flags: '--task', description: options.ofTask, takes: 'ID' },
        ...page,
        ...reading,
      ],
      load: () => import('../commands/deliveries.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'deliveries retry <id>',
      description: commands['deliveries retry'],
      options: reading,
      load: () => import('../commands/deliveries.ts').then(({ retry: run }) => ({ run })),
    },
    {
      usage: 'deliveries discard <id>',
      description: commands['deliveries discard'],
      options: [yes, ...reading],
      load: () => import('../commands/deliveries.ts').then(({ discard: run }) => ({ run })),
    },
    {
      usage: 'trace <message>',
      description: commands.trace,
      options: reading,
      load: () => import('../commands/trace.ts'),
    },
  ]
}
