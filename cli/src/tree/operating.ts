import type { Words } from '../words/english.ts'
import { logLevels } from './choices.ts'
import type { Command } from './command.ts'
import { sharedOptions } from './options.ts'

/** Watching it, and acting on its parts. */
export function operating(words: Words): Command[] {
  const { commands, options } = words
  const { json, page } = sharedOptions(words)
  return [
    {
      usage: 'audit list',
      description: commands['audit list'],
      options: [
        { flags: '--action', description: options.action, takes: 'ACTION' },
        { flags: '--actor', description: options.actor, takes: 'ACTOR' },
        ...page,
        json,
      ],
      load: () => import('../commands/audit.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'audit verify',
      description: commands['audit verify'],
      options: [{ flags: '--head', description: options.head, takes: 'HEAD' }, json],
      load: () => import('../commands/audit.ts').then(({ verify: run }) => ({ run })),
    },
    {
      usage: 'connectors list',
      description: commands['connectors list'],
      options: [json],
      load: () => import('../commands/connectors.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'connectors start <name>',
      description: commands['connectors start'],
      options: [json],
      load: () => import('../commands/connectors.ts').then(({ start: run }) => ({ run })),
    },
    {
      usage: 'connectors stop <name>',
      description: commands['connectors stop'],
      options: [json],
      load: () => import('../commands/connectors.ts').then(({ stop: run }) => ({ run })),
    },
    {
      usage: 'connectors test [name]',
      description: commands['connectors test'],
      options: [json],
      load: () => import('../commands/connectors.ts').then(({ test: run }) => ({ run })),
    },
    {
      usage: 'providers list',
      description: commands['providers list'],
      options: [json],
      load: () => import('../commands/providers.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'providers test [name]',
      description: commands['providers test'],
      options: [json],
      load: () => import('../commands/providers.ts').then(({ test: run }) => ({ run })),
    },
    { usage: 'plugins', description: commands.plugins, options: [json], load: () => import('../commands/plugins.ts') },
    { usage: 'types', description: commands.types, options: [json], load: () => import('../commands/types.ts') },
    { usage: 'routes', description: commands.routes, options: [json], load: () => import('../commands/routes.ts') },
    {
      usage: 'drain',
      description: commands.drain,
      options: [{ flags: '--wait', description: options.wait }, { flags: '--undo', description: options.undo }, json],
      load: () => import('../commands/drain.ts'),
    },
    {
      usage: 'logs',
      description: commands.logs,
      options: [
        { flags: '-f, --follow', description: options.follow },
        { flags: '--level', description: options.level, takes: logLevels },
        { flags: '--since', description: options.since, takes: 'TIME' },
        { flags: '--grep', description: options.grep, takes: 'TEXT' },
        { flags: '--task', description: options.logTask, takes: 'ID' },
        { flags: '--session', description: options.logSession, takes: 'ID' },
        { flags: '--request', description: options.logRequest, takes: 'ID' },
        { flags: '--trace', description: options.logTrace, takes: 'ID' },
        { flags: '--connector', description: options.logConnector, takes: 'NAME' },
        { flags: '-n, --limit', description: options.logLimit, takes: 'N' },
        json,
      ],
      load: () => import('../commands/logs.ts'),
    },
  ]
}
