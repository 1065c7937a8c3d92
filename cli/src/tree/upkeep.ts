import { hostNames } from '../mcp-hosts/hosts.ts'
import type { Words } from '../words/english.ts'
import type { Command } from './command.ts'
import { sharedOptions } from './options.ts'

/** Its database, its health, and the tools around it. `all` is every command there is, for what completes them. */
export function upkeep(words: Words, all: () => readonly Command[]): Command[] {
  const { commands, options } = words
  const { url, key, json, yes, settings } = sharedOptions(words)
  return [
    {
      usage: 'db migrate',
      description: commands['db migrate'],
      options: [json],
      load: () => import('../commands/db.ts').then(({ migrate: run }) => ({ run })),
    },
    {
      usage: 'db status',
      description: commands['db status'],
      options: [json],
      load: () => import('../commands/db.ts').then(({ status: run }) => ({ run })),
    },
    {
      usage: 'db check',
      description: commands['db check'],
      options: [json],
      load: () => import('../commands/db.ts').then(({ check: run }) => ({ run })),
    },
    {
      usage: 'db backup <file>',
      description: commands['db backup'],
      options: [{ flags: '--with-keys', description: options.withKeys }, yes, json],
      load: () => import('../commands/db.ts').then(({ backup: run }) => ({ run })),
    },
    {
      usage: 'db restore <file>',
      description: commands['db restore'],
      options: [{ flags: '--moved', description: options.moved }, yes, json],
      load: () => import('../commands/db.ts').then(({ restore: run }) => ({ run })),
    },
    {
      usage: 'doctor',
      description: commands.doctor,
      options: [{ flags: '--fix', description: options.fix }, json],
      load: () => import('../commands/doctor.ts'),
    },
    { usage: 'mcp', description: commands.mcp, options: [url, key], load: () => import('../commands/mcp.ts') },
    {
      usage: 'mcp install',
      description: commands['mcp install'],
      options: [
        { flags: '--client', description: options.client, takes: hostNames },
        { flags: '--print', description: options.print },
        { flags: '--remove', description: options.remove },
        { flags: '--name', description: options.entryName, takes: 'NAME' },
        { flags: '-u, --url', description: options.remoteUrl, takes: 'URL' },
        { flags: '-k, --key', description: options.remoteKey, takes: 'KEY' },
        yes,
      ],
      load: () => import('../commands/mcp-install.ts'),
    },
    {
      usage: 'completion <shell>',
      description: commands.completion,
      options: [],
      async load() {
        const { complete } = await import('../commands/completion.ts')
        return { run: (flags, shell = '') => complete(all(), flags, shell) }
      },
    },
    {
      usage: 'debug [what]',
      description: commands.debug,
      options: [...settings, { flags: '--sources', description: options.sources }, json],
      load: () => import('../commands/debug.ts'),
    },
  ]
}
