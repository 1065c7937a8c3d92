import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readOwner } from '@asyncv/migrations'
import { checkedSettings } from '../settings/check-settings.ts'
import { cannotWrite } from '../cannot-write.ts'
import { CommandError } from '../failure.ts'
import { type HostService, mark } from '../host-service/description.ts'
import { hostTarget, isInPath, type InitSystem, initSystemOf, type Target } from '../host-service/init-system.ts'
import { logFileOf } from '../process/log-file.ts'
import { endWithReader, print, talk } from '../output.ts'
import { readEnvironment } from '../settings/environment.ts'
import { findConfig } from '../settings/read-config.ts'
import { studioHome } from '../settings/studio-home.ts'
import { placeOf, runningHere } from '../process/running.ts'
import { asArguments } from '../process/service-record.ts'
import { findPlace } from '../calling/service.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv service install`: has the host start the service, keep it running, and start it again after a restart. */
export async function install(flags: Flags): Promise<void> {
  endWithReader()
  const { initSystem, name } = chosen(flags)
  const { service, check } = flags['studio'] === true ? studioOf(name, flags) : await runtimeOf(name, flags)
  const text = initSystem.text(service)
  if (flags['print'] === true) return void process.stdout.write(text)
  await check()
  const file = initSystem.fileOf(name)
  checkOurs(file)
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text, { mode: 0o644 })
  } catch (error) {
    throw cannotWrite(file, error, words.hostService.asUser)
  }
  print(words.hostService.wrote(file))
  if (/[/\\]_npx[/\\]/.test(service.command.join(' '))) talk(words.hostService.cache, flags)
  if (!initSystem.isThere()) return print(words.hostService.byHand(lines(initSystem.enabling(name))))
  await initSystem.endEarlier(name)
  carryOut(initSystem, service, initSystem.enabling(name))
  print(words.hostService.runs(name))
  talk(words.hostService.readLogs(initSystem.logs(service)), flags)
  if (hostTarget() === 'systemd') talk(words.hostService.linger, flags)
}

/** `asyncv service uninstall`: ends it, and the host starts it no more. Its data stays. */
export async function uninstall(flags: Flags): Promise<void> {
  endWithReader()
  const { initSystem, name } = chosen(flags)
  const file = initSystem.fileOf(name)
  if (!existsSync(file)) return talk(words.hostService.none(name), flags)
  checkOurs(file)
  const isThere = initSystem.isThere()
  const service = { name, log: null }
  if (isThere) carryOut(initSystem, service, initSystem.disabling(name))
  rmSync(file)
  if (isThere) carryOut(initSystem, service, initSystem.forgetting)
  print(words.hostService.removed(file))
  if (!isThere) print(words.hostService.byHand(lines([...initSystem.disabling(name), ...initSystem.forgetting])))
}

function chosen(flags: Flags): { initSystem: InitSystem; name: string } {
  const name = String(flags['name'] ?? (flags['studio'] === true ? 'asyncv-studio' : 'asyncv'))
  if (!/^[A-Za-z][\w-]{0,63}$/.test(name)) {
    throw new CommandError(words.hostService.name(name), words.hostService.nameHint, 2)
  }
  const host = hostTarget()
  const target = (flags['target'] as Target | undefined) ?? host
  if (target === null) throw new CommandError(words.hostService.unknownHost, words.hostService.unknownHostHint, 2)
  if (target !== host && flags['print'] !== true) {
    throw new CommandError(words.hostService.otherHost(target), words.hostService.otherHostHint, 2)
  }
  return { initSystem: initSystemOf(target, process.env), name }
}

interface Described {
  service: HostService
  /** Throws for what would keep it from running. */
  check(): Promise<void>
}

async function runtimeOf(name: string, flags: Flags): Promise<Described> {
  const named = await namedFor(flags)
  const { config } = named
  const directory = config === undefined ? process.cwd() : dirname(config)
  const log = logFileOf(await placeOf(flags))
  const service = describe(name, ['start', ...asArguments(named)], directory, log ?? resolve(directory, 'asyncv.log'))
  return { service, check: () => check(flags, named, service) }
}

/** Its address and what else it is told comes from `ASYNCV_STUDIO_…` in `.env`, which it reads in the same folder. */
function studioOf(name: string, flags: Flags): Described {
  const config = findConfig(flags['config'], process.env)
  const directory = config === null ? process.cwd() : dirname(config)
  const home = studioHome(flags, readEnvironment(directory, process.env), directory)
  const service = describe(name, ['studio', ...asArguments({ home })], directory, join(home, 'studio.log'))
  return {
    service,
    async check() {
      const owner = await readOwner(join(home, 'studio.db'))
      if (owner === null || existsSync(initSystemOf(hostTarget() ?? 'systemd', process.env).fileOf(name))) return
      const { pid, url = home } = owner
      throw new CommandError(words.hostService.studioRuns(pid, url), words.hostService.stopStudio, 1)
    },
  }
}

/**
 * The flags of the service. The host starts it in the folder of the configuration, whatever this one is, and knows nothing of
 * this shell's variables: a database that they name would be another one there, and an empty one.
 */
async function namedFor(flags: Flags): Promise<Record<string, string>> {
  const config = findConfig(flags['config'], process.env)
  const database = await placeOf(flags)
  const there = await findPlace({ ...hostEnvironment(), ...(config === null ? {} : { ASYNCV_CONFIG: config }) })
  return {
    ...(config === null ? {} : { config }),
    ...(database === there.database ? {} : { storage: `sqlite:${database}` }),
  }
}

/** What of this environment the host has as well. */
function hostEnvironment(): Record<string, string> {
  const { HOME, PATH } = process.env
  return { ...(HOME && { HOME }), ...(PATH && { PATH }) }
}

function describe(name: string, started: readonly string[], directory: string, log: string): HostService {
  const command = [process.execPath, ...process.execArgv, realpathSync(process.argv[1] ?? ''), ...started]
  const service = { name, command, directory, log, notifies: isInPath('systemd-notify', process.env) }
  const split = [...service.command, directory].find((text) => /[\r\n]/.test(text))
  if (split !== undefined) throw new CommandError(words.hostService.lines(split), words.hostService.linesHint, 2)
  return service
}

/** As the host will start it. */
async function check(flags: Flags, named: Record<string, string>, { directory }: HostService): Promise<void> {
  let database: string
  try {
    database = (await checkedSettings(named, hostEnvironment())).database
  } catch (error) {
    talk(words.hostService.variables(directory), flags)
    throw error
  }
  const running = await runningHere(flags)
  if (running !== null && running.record.keeper === null) {
    throw new CommandError(
      words.start.runsAlready(running.pid, running.url ?? database),
      words.hostService.stopFirst,
      1,
    )
  }
}

function checkOurs(file: string): void {
  if (!existsSync(file) || readFileSync(file, 'utf8').includes(mark)) return
  throw new CommandError(words.hostService.foreign(file), words.hostService.foreignHint, 2)
}

function lines(commands: readonly string[][]): string[] {
  return commands.map((command) => command.join(' '))
}

function carryOut(
  initSystem: InitSystem,
  service: Parameters<InitSystem['logs']>[0],
  commands: readonly string[][],
): void {
  for (const [program = '', ...args] of commands) {
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    if (status === 0) continue
    const said = (stderr ?? '').trim()
    throw new CommandError(
      words.hostService.failed([program, ...args].join(' '), said),
      words.hostService.readLogs(initSystem.logs(service)),
      1,
    )
  }
}
