import type { Words } from '../words/english.ts'
import type { Command, Option } from './command.ts'
import { sharedOptions } from './options.ts'

/** What it runs, and who may change that. */
export function releasing(words: Words): Command[] {
  const { commands, options } = words
  const { json, yes, page } = sharedOptions(words)
  const deploying: Option[] = [
    { flags: '-u, --url', description: options.deployUrl, takes: 'URL' },
    { flags: '-k, --key', description: options.deployKey, takes: 'KEY' },
    json,
  ]
  return [
    {
      usage: 'deploy [file]',
      description: commands.deploy,
      options: [
        { flags: '--check', description: options.check },
        { flags: '--diff', description: options.diff },
        { flags: '--force', description: options.force },
        yes,
        ...deploying,
      ],
      load: () => import('../commands/deploy.ts'),
    },
    {
      usage: 'releases list',
      description: commands['releases list'],
      options: [...page, ...deploying],
      load: () => import('../commands/releases.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'releases show <revision>',
      description: commands['releases show'],
      options: deploying,
      load: () => import('../commands/releases.ts').then(({ show: run }) => ({ run })),
    },
    {
      usage: 'rollback <revision>',
      description: commands.rollback,
      options: [
        { flags: '--diff', description: options.diff },
        { flags: '--force', description: options.force },
        yes,
        ...deploying,
      ],
      load: () => import('../commands/rollback.ts'),
    },
    {
      usage: 'trust list',
      description: commands['trust list'],
      options: [json],
      load: () => import('../commands/trust.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'trust add <name> [key]',
      description: commands['trust add'],
      options: [yes, json],
      load: () => import('../commands/trust.ts').then(({ add: run }) => ({ run })),
    },
    {
      usage: 'trust remove <name>',
      description: commands['trust remove'],
      options: [yes, json],
      load: () => import('../commands/trust.ts').then(({ remove: run }) => ({ run })),
    },
    {
      usage: 'trust show',
      description: commands['trust show'],
      options: [json],
      load: () => import('../commands/trust.ts').then(({ show: run }) => ({ run })),
    },
  ]
}
