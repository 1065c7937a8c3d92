import type { Words } from '../words/english.ts'
import type { Command, Option } from './command.ts'
import { sharedOptions } from './options.ts'

/** A service on this host. */
export function serving(words: Words): Command[] {
  const { commands, options } = words
  const { yes, settings } = sharedOptions(words)
  const hosting: Option[] = [
    { flags: '--name', description: options.serviceName, takes: 'NAME' },
    { flags: '--target', description: options.target, takes: ['systemd', 'launchd'] },
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
      load: () => import('../commands/init.ts'),
    },
    {
      usage: 'start',
      description: commands.start,
      options: [
        ...settings,
        { flags: '-w, --watch', description: options.watch },
        { flags: '-d, --detach', description: options.detach },
      ],
      load: () => import('../commands/start.ts'),
    },
    {
      usage: 'stop',
      description: commands.stop,
      options: ending,
      load: () => import('../commands/stop.ts'),
    },
    {
      usage: 'restart',
      description: commands.restart,
      options: ending,
      load: () => import('../commands/restart.ts'),
    },
    {
      usage: 'studio',
      description: commands.studio,
      options: [
        { flags: '--host', description: options.host, takes: 'ADDRESS' },
        { flags: '-p, --port', description: options.studioPort, takes: 'PORT' },
        { flags: '--public-url', description: options.publicUrl, takes: 'URL' },
        { flags: '--trust-proxy', description: options.trustProxy, takes: 'ADDRESS' },
        { flags: '--app-origin', description: options.appOrigin, takes: 'ORIGINS' },
        { flags: '--allow-http', description: options.allowHttp },
        { flags: '--allow-private-webhooks', description: options.allowPrivateWebhooks },
        { flags: '--home', description: options.studioHome, takes: 'FOLDER' },
        { flags: '--log-level', description: options.logLevel, takes: 'LEVEL' },
      ],
      load: () => import('../commands/studio.ts'),
    },
    {
      usage: 'studio build',
      description: commands['studio build'],
      options: [
        { flags: '--static', description: options.studioStatic },
        { flags: '--api', description: options.studioApi, takes: 'URL' },
        { flags: '--out', description: options.studioOut, takes: 'FOLDER' },
        { flags: '--base', description: options.studioBase, takes: 'PATH' },
      ],
      load: () => import('../commands/studio.ts').then(({ build: run }) => ({ run })),
    },
    {
      usage: 'studio backup <file>',
      description: commands['studio backup'],
      options: [{ flags: '--home', description: options.studioHome, takes: 'FOLDER' }],
      load: () => import('../commands/studio.ts').then(({ backup: run }) => ({ run })),
    },
    {
      usage: 'service install',
      description: commands['service install'],
      options: [
        { flags: '-c, --config', description: options.config, takes: 'FILE' },
        { flags: '--storage', description: options.storage, takes: 'STORAGE' },
        { flags: '--studio', description: options.hostStudio },
        { flags: '--home', description: options.studioHome, takes: 'FOLDER' },
        ...hosting,
        { flags: '--print', description: options.printFile },
      ],
      load: () => import('../commands/service.ts').then(({ install: run }) => ({ run })),
    },
    {
      usage: 'service uninstall',
      description: commands['service uninstall'],
      options: [{ flags: '--studio', description: options.hostStudio }, ...hosting.slice(0, 1)],
      load: () => import('../commands/service.ts').then(({ uninstall: run }) => ({ run })),
    },
  ]
}
