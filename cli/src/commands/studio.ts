import { dirname, join, resolve } from 'node:path'
import colors from 'picocolors'
import { CommandError } from '../failure.ts'
import { print, talk } from '../output.ts'
import { createLogger } from '../process/logger.ts'
import { listenForSignals } from '../process/signals.ts'
import { supervisorOf } from '../process/supervisor.ts'
import { readEnvironment } from '../settings/environment.ts'
import { findConfig } from '../settings/read-config.ts'
import { levelOf, portOf } from '../settings/settings.ts'
import { studioHome } from '../settings/studio-home.ts'
import { bytesOf } from '../terminal/bytes.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv studio`: runs until a signal, or until the program that began it is gone. */
export async function run(flags: Flags): Promise<void> {
  const file = findConfig(undefined, process.env)
  const directory = file === null ? process.cwd() : dirname(file)
  const env = readEnvironment(directory, process.env)
  const logger = await createLogger(levelOf(flags, env))
  const { createStudio } = await import('@asyncv/studio')
  const database = join(studioHome(flags, env, directory), 'studio.db')
  const publicUrl = flags['public-url'] ?? env['ASYNCV_STUDIO_PUBLIC_URL']
  const proxies = flags['trust-proxy'] ?? env['ASYNCV_STUDIO_TRUST_PROXY']
  const appOrigins = flags['app-origin'] ?? env['ASYNCV_STUDIO_APP_ORIGIN']
  const key = env['ASYNCV_STUDIO_KEY']
  const options = {
    database,
    logger,
    allowPrivateWebhooks: flags['allow-private-webhooks'] === true,
    ...(typeof publicUrl === 'string' ? { publicUrl } : {}),
    ...(typeof proxies === 'string' ? { trustProxy: proxies.split(/\s*,\s*/) } : {}),
    ...(typeof appOrigins === 'string' ? { appOrigins: appOrigins.split(/\s*,\s*/) } : {}),
    ...(key === undefined ? {} : { key }),
  }
  const address = {
    host: String(flags['host'] ?? env['ASYNCV_STUDIO_HOST'] ?? '127.0.0.1'),
    port: portOf(flags['port'] ?? env['ASYNCV_STUDIO_PORT'] ?? 7410),
    allowHttp: flags['allow-http'] === true,
  }
  const supervisor = supervisorOf(process.env, logger)
  const studio = await createStudio(options).catch(explain)
  const signals = listenForSignals(logger)
  const left = (): void => signals.end('SIGTERM')
  if (process.connected) process.once('disconnect', left)
  try {
    const listening = await studio.listen(address).catch(explain)
    // Whoever reads the welcome may leave; Studio stays.
    process.stdout.on('error', () => {})
    process.stdout.write(welcome(listening.url, studio.pagesUrls, database, await studio.firstRunPath()))
    supervisor.ready(listening.url)
    // There is nothing that could be read again.
    while ((await signals.next()) === 'reload');
    supervisor.stopping()
    await listening.close()
  } finally {
    process.off('disconnect', left)
    signals.release()
    supervisor.release()
    await studio.close()
    // A channel that stays open would hold the process.
    if (process.connected) process.disconnect()
  }
}

/** `asyncv studio backup FILE`, also beside a Studio that runs. */
export async function backup(flags: Flags, file: string): Promise<void> {
  const config = findConfig(undefined, process.env)
  const directory = config === null ? process.cwd() : dirname(config)
  const home = studioHome(flags, readEnvironment(directory, process.env), directory)
  const { backUpStudio } = await import('@asyncv/studio')
  const target = resolve(file)
  const bytes = await backUpStudio(join(home, 'studio.db'), target).catch(explain)
  print(words.studio.backedUp(target, bytesOf(bytes)))
  talk(words.studio.keyApart(join(home, 'studio.key')), flags)
}

/** `asyncv studio build --static`: the web app as files for another host. */
export async function build(flags: Flags): Promise<void> {
  const { api, out = 'studio-app', base = '/' } = flags
  if (flags['static'] !== true) throw new CommandError(words.studio.buildWhat, words.studio.buildWhatHint, 2)
  if (typeof api !== 'string') throw new CommandError(words.studio.noApi, words.studio.noApiHint, 2)
  const { writeStaticApp } = await import('@asyncv/studio')
  const folder = resolve(String(out))
  print(words.studio.wrote(await writeStaticApp({ api, out: folder, base: String(base) }).catch(explain), folder))
  talk(words.studio.thenServe, flags)
  talk(words.studio.thenName(base === '/' ? '' : String(base)), flags)
}

/** What keeps Studio from starting says so in its own words, with the way out. */
function explain(error: unknown): never {
  const { name, message, hint } = error as Error & { hint?: string }
  if (name === 'StudioError' || name === 'StorageError') throw new CommandError(message, hint ?? '', 2)
  throw error
}

function welcome(url: string, pagesUrls: readonly string[], database: string, firstRunPath: string | null): string {
  const { bold, dim, cyan } = colors.createColors(colors.isColorSupported && process.stdout.isTTY)
  return [
    '',
    `  ${words.start.running(bold('Studio'), cyan(url))}`,
    ...(pagesUrls.length === 0 ? [] : [`  ${words.studio.pages(pagesUrls.map(cyan))}`]),
    `  ${dim(words.start.database(database))}`,
    ...(firstRunPath === null
      ? []
      : ['', `  ${words.studio.firstAccount}`, `    ${cyan((pagesUrls[0] ?? url) + firstRunPath)}`]),
    '',
    `  ${dim(words.studio.stops)}`,
    '',
    '',
  ].join('\n')
}
