import { hostNames } from './mcp-hosts/hosts.ts'
import type { Words } from './words/english.ts'

/** What was given on the command line, by the long name of each option. */
export type Flags = Readonly<Record<string, string | boolean | undefined>>

export interface Option {
  /** `-u, --url`: a short form, where there is one, and the long one. */
  flags: string
  description: string
  /** What it takes: a word for it, or the values there are. A switch takes nothing. */
  takes?: string | readonly string[]
}

export interface Command {
  /** Its name of one or two words, and what it takes: `<text>` has to be there, `[text]` may be. */
  usage: string
  description: string
  options: readonly Option[]
  /** A word too many may be a secret, and is not to be shown. */
  hidesWords?: true
  load(): Promise<{ run(flags: Flags, ...words: string[]): Promise<void> }>
}

/** `tasks show` of `tasks show <id>`. */
export function nameOf({ usage }: Command): string {
  return usage
    .split(' ')
    .filter((word) => !/^[<[]/.test(word))
    .join(' ')
}

/** `<id>` of `tasks show <id>`. */
export function placesOf({ usage }: Command): string[] {
  return usage.split(' ').filter((word) => /^[<[]/.test(word))
}

export const taskStates = ['queued', 'running', 'absorbed', 'done', 'failed', 'cancelled'] as const
export const deliveryStates = [
  'pending',
  'sending',
  'sent',
  'retrying',
  'uncertain',
  'held',
  'dead',
  'discarded',
] as const
export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export const shells = ['bash', 'zsh', 'fish'] as const

/** Options that every command takes besides its own. */
export function generalOptions({ options }: Words): Option[] {
  return [
    { flags: '-q, --quiet', description: options.quiet },
    { flags: '--lang', description: options.lang, takes: ['en', 'zh'] },
    { flags: '-h, --help', description: options.help },
  ]
}

/** All commands there are: the program, its help, its completion and its page in the docs are read from this. */
export function commandTree({ commands, options }: Words): Command[] {
  const url: Option = { flags: '-u, --url', description: options.url, takes: 'URL' }
  const key: Option = { flags: '-k, --key', description: options.key, takes: 'KEY' }
  const json: Option = { flags: '--json', description: options.json }
  const yes: Option = { flags: '-y, --yes', description: options.yes }
  const page: Option[] = [
    { flags: '-n, --limit', description: options.limit, takes: 'N' },
    { flags: '--cursor', description: options.cursor, takes: 'CURSOR' },
  ]
  const reading = [url, key, json]
  const hosting: Option[] = [
    { flags: '--name', description: options.serviceName, takes: 'NAME' },
    { flags: '--target', description: options.target, takes: ['systemd', 'launchd'] },
  ]
  const deploying: Option[] = [
    { flags: '-u, --url', description: options.deployUrl, takes: 'URL' },
    { flags: '-k, --key', description: options.deployKey, takes: 'KEY' },
    json,
  ]
  const ending: Option[] = [
    { flags: '-c, --config', description: options.config, takes: 'FILE' },
    { flags: '--storage', description: options.storage, takes: 'STORAGE' },
    { flags: '--timeout', description: options.timeout, takes: 'SECONDS' },
    { flags: '--now', description: options.now },
  ]
  return [
    {
      usage: 'init [folder]',
      description: commands.init,
      options: [
        { flags: '--connector', description: options.initConnector, takes: ['none', 'telegram'] },
        { flags: '--model', description: options.initModel, takes: 'MODEL' },
        { flags: '--base-url', description: options.baseUrl, takes: 'URL' },
        { flags: '--allow', description: options.allow, takes: 'IDS' },
        { flags: '--telegram-api', description: options.telegramApi, takes: 'URL' },
        { flags: '--format', description: options.format, takes: ['ts', 'json'] },
        { flags: '--skip-tests', description: options.skipTests },
        { flags: '--force', description: options.replace },
        yes,
      ],
      hidesWords: true,
      load: () => import('./commands/init.ts'),
    },
    {
      usage: 'start',
      description: commands.start,
      options: [
        { flags: '-c, --config', description: options.config, takes: 'FILE' },
        { flags: '--host', description: options.host, takes: 'ADDRESS' },
        { flags: '-p, --port', description: options.port, takes: 'PORT' },
        { flags: '--management-port', description: options.managementPort, takes: 'PORT' },
        { flags: '--storage', description: options.storage, takes: 'STORAGE' },
        { flags: '--log-level', description: options.logLevel, takes: 'LEVEL' },
        { flags: '-w, --watch', description: options.watch },
        { flags: '-d, --detach', description: options.detach },
      ],
      load: () => import('./commands/start.ts'),
    },
    {
      usage: 'stop',
      description: commands.stop,
      options: ending,
      load: () => import('./commands/stop.ts'),
    },
    {
      usage: 'restart',
      description: commands.restart,
      options: ending,
      load: () => import('./commands/restart.ts'),
    },
    {
      usage: 'service install',
      description: commands['service install'],
      options: [
        { flags: '-c, --config', description: options.config, takes: 'FILE' },
        { flags: '--storage', description: options.storage, takes: 'STORAGE' },
        ...hosting,
        { flags: '--print', description: options.printFile },
      ],
      load: () => import('./commands/service.ts').then(({ install: run }) => ({ run })),
    },
    {
      usage: 'service uninstall',
      description: commands['service uninstall'],
      options: hosting.slice(0, 1),
      load: () => import('./commands/service.ts').then(({ uninstall: run }) => ({ run })),
    },
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
      load: () => import('./commands/chat.ts'),
    },
    {
      usage: 'status',
      description: commands.status,
      options: [{ flags: '-w, --watch', description: options.watchStatus }, ...reading],
      load: () => import('./commands/status.ts'),
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
      load: () => import('./commands/send.ts'),
    },
    { usage: 'agents', description: commands.agents, options: reading, load: () => import('./commands/agents.ts') },
    {
      usage: 'sessions list',
      description: commands['sessions list'],
      options: [...page, ...reading],
      load: () => import('./commands/sessions.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'sessions show <id>',
      description: commands['sessions show'],
      options: [...page, ...reading],
      load: () => import('./commands/sessions.ts').then(({ show: run }) => ({ run })),
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
      load: () => import('./commands/tasks.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'tasks show <id>',
      description: commands['tasks show'],
      options: reading,
      load: () => import('./commands/tasks.ts').then(({ show: run }) => ({ run })),
    },
    {
      usage: 'tasks cancel <id>',
      description: commands['tasks cancel'],
      options: reading,
      load: () => import('./commands/tasks.ts').then(({ cancel: run }) => ({ run })),
    },
    {
      usage: 'tasks retry <id>',
      description: commands['tasks retry'],
      options: reading,
      load: () => import('./commands/tasks.ts').then(({ retry: run }) => ({ run })),
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
      load: () => import('./commands/deliveries.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'deliveries retry <id>',
      description: commands['deliveries retry'],
      options: reading,
      load: () => import('./commands/deliveries.ts').then(({ retry: run }) => ({ run })),
    },
    {
      usage: 'deliveries discard <id>',
      description: commands['deliveries discard'],
      options: [yes, ...reading],
      load: () => import('./commands/deliveries.ts').then(({ discard: run }) => ({ run })),
    },
    {
      usage: 'trace <message>',
      description: commands.trace,
      options: reading,
      load: () => import('./commands/trace.ts'),
    },
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
      load: () => import('./commands/keys.ts').then(({ create: run }) => ({ run })),
    },
    {
      usage: 'keys list',
      description: commands['keys list'],
      options: [json],
      load: () => import('./commands/keys.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'keys revoke <id>',
      description: commands['keys revoke'],
      options: [json],
      load: () => import('./commands/keys.ts').then(({ revoke: run }) => ({ run })),
    },
    {
      usage: 'secrets set <name>',
      description: commands['secrets set'],
      options: [{ flags: '--origins', description: options.origins, takes: 'ORIGINS' }, json],
      hidesWords: true,
      load: () => import('./commands/secrets.ts').then(({ set: run }) => ({ run })),
    },
    {
      usage: 'secrets list',
      description: commands['secrets list'],
      options: [json],
      load: () => import('./commands/secrets.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'secrets show <name>',
      description: commands['secrets show'],
      options: [json],
      load: () => import('./commands/secrets.ts').then(({ one: run }) => ({ run })),
    },
    {
      usage: 'secrets remove <name>',
      description: commands['secrets remove'],
      options: [json],
      load: () => import('./commands/secrets.ts').then(({ remove: run }) => ({ run })),
    },
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
      load: () => import('./commands/deploy.ts'),
    },
    {
      usage: 'releases list',
      description: commands['releases list'],
      options: [...page, ...deploying],
      load: () => import('./commands/releases.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'releases show <revision>',
      description: commands['releases show'],
      options: deploying,
      load: () => import('./commands/releases.ts').then(({ show: run }) => ({ run })),
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
      load: () => import('./commands/rollback.ts'),
    },
    {
      usage: 'trust list',
      description: commands['trust list'],
      options: [json],
      load: () => import('./commands/trust.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'trust add <name> [key]',
      description: commands['trust add'],
      options: [yes, json],
      load: () => import('./commands/trust.ts').then(({ add: run }) => ({ run })),
    },
    {
      usage: 'trust remove <name>',
      description: commands['trust remove'],
      options: [yes, json],
      load: () => import('./commands/trust.ts').then(({ remove: run }) => ({ run })),
    },
    {
      usage: 'trust show',
      description: commands['trust show'],
      options: [json],
      load: () => import('./commands/trust.ts').then(({ show: run }) => ({ run })),
    },
    {
      usage: 'audit list',
      description: commands['audit list'],
      options: [
        { flags: '--action', description: options.action, takes: 'ACTION' },
        { flags: '--actor', description: options.actor, takes: 'ACTOR' },
        ...page,
        json,
      ],
      load: () => import('./commands/audit.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'audit verify',
      description: commands['audit verify'],
      options: [{ flags: '--head', description: options.head, takes: 'HEAD' }, json],
      load: () => import('./commands/audit.ts').then(({ verify: run }) => ({ run })),
    },
    {
      usage: 'connectors list',
      description: commands['connectors list'],
      options: [json],
      load: () => import('./commands/connectors.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'connectors start <name>',
      description: commands['connectors start'],
      options: [json],
      load: () => import('./commands/connectors.ts').then(({ start: run }) => ({ run })),
    },
    {
      usage: 'connectors stop <name>',
      description: commands['connectors stop'],
      options: [json],
      load: () => import('./commands/connectors.ts').then(({ stop: run }) => ({ run })),
    },
    {
      usage: 'connectors test [name]',
      description: commands['connectors test'],
      options: [json],
      load: () => import('./commands/connectors.ts').then(({ test: run }) => ({ run })),
    },
    {
      usage: 'providers list',
      description: commands['providers list'],
      options: [json],
      load: () => import('./commands/providers.ts').then(({ list: run }) => ({ run })),
    },
    {
      usage: 'providers test [name]',
      description: commands['providers test'],
      options: [json],
      load: () => import('./commands/providers.ts').then(({ test: run }) => ({ run })),
    },
    { usage: 'plugins', description: commands.plugins, options: [json], load: () => import('./commands/plugins.ts') },
    { usage: 'types', description: commands.types, options: [json], load: () => import('./commands/types.ts') },
    { usage: 'routes', description: commands.routes, options: [json], load: () => import('./commands/routes.ts') },
    {
      usage: 'drain',
      description: commands.drain,
      options: [{ flags: '--wait', description: options.wait }, { flags: '--undo', description: options.undo }, json],
      load: () => import('./commands/drain.ts'),
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
      load: () => import('./commands/logs.ts'),
    },
    {
      usage: 'db migrate',
      description: commands['db migrate'],
      options: [json],
      load: () => import('./commands/db.ts').then(({ migrate: run }) => ({ run })),
    },
    {
      usage: 'db status',
      description: commands['db status'],
      options: [json],
      load: () => import('./commands/db.ts').then(({ status: run }) => ({ run })),
    },
    {
      usage: 'db check',
      description: commands['db check'],
      options: [json],
      load: () => import('./commands/db.ts').then(({ check: run }) => ({ run })),
    },
    {
      usage: 'db backup <file>',
      description: commands['db backup'],
      options: [{ flags: '--with-keys', description: options.withKeys }, yes, json],
      load: () => import('./commands/db.ts').then(({ backup: run }) => ({ run })),
    },
    {
      usage: 'db restore <file>',
      description: commands['db restore'],
      options: [{ flags: '--moved', description: options.moved }, yes, json],
      load: () => import('./commands/db.ts').then(({ restore: run }) => ({ run })),
    },
    {
      usage: 'doctor',
      description: commands.doctor,
      options: [{ flags: '--fix', description: options.fix }, json],
      load: () => import('./commands/doctor.ts'),
    },
    { usage: 'mcp', description: commands.mcp, options: [url, key], load: () => import('./commands/mcp.ts') },
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
      load: () => import('./commands/mcp-install.ts'),
    },
    {
      usage: 'completion <shell>',
      description: commands.completion,
      options: [],
      load: () => import('./commands/completion.ts'),
    },
    {
      usage: 'debug [what]',
      description: commands.debug,
      options: [
        { flags: '-c, --config', description: options.config, takes: 'FILE' },
        { flags: '--host', description: options.host, takes: 'ADDRESS' },
        { flags: '-p, --port', description: options.port, takes: 'PORT' },
        { flags: '--management-port', description: options.managementPort, takes: 'PORT' },
        { flags: '--storage', description: options.storage, takes: 'STORAGE' },
        { flags: '--log-level', description: options.logLevel, takes: 'LEVEL' },
        { flags: '--sources', description: options.sources },
        json,
      ],
      load: () => import('./commands/debug.ts'),
    },
  ]
}
