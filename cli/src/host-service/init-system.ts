import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { homeOf } from '../home.ts'
import type { HostService } from './description.ts'
import { launchdPlist } from './launchd.ts'
import { systemdUnit } from './systemd.ts'

/** What starts services on a host, for the user whose command this is. */
export interface InitSystem {
  fileOf(name: string): string
  text(service: HostService): string
  /** Whether it can be told anything from here: in a container, or without a login, it often cannot. */
  isThere(): boolean
  /** Ends what runs by an earlier file and keeps `enabling` from beginning anew; resolves when it is gone, or takes too long. */
  endEarlier(name: string): Promise<void>
  /** The commands that begin what its file says, now and at every login. */
  enabling(name: string): string[][]
  disabling(name: string): string[][]
  /** The ones behind the removal of the file. */
  forgetting: string[][]
  /** How to read what the service says. */
  logs(service: Pick<HostService, 'name'> & { log: string | null }): string
}

export const targets = ['systemd', 'launchd'] as const
export type Target = (typeof targets)[number]

/** Null where there is none that this command knows. */
export function hostTarget(): Target | null {
  return process.platform === 'linux' ? 'systemd' : process.platform === 'darwin' ? 'launchd' : null
}

export function initSystemOf(target: Target, env: Record<string, string | undefined>): InitSystem {
  return target === 'systemd' ? systemd(env) : launchd(env)
}

function systemd(env: Record<string, string | undefined>): InitSystem {
  const user = (...words: string[]): string[] => ['systemctl', '--user', ...words]
  const folder = (): string => join(resolve(env['XDG_CONFIG_HOME'] || join(homeOf(env), '.config')), 'systemd/user')
  return {
    fileOf: (name) => join(folder(), `${name}.service`),
    text: systemdUnit,
    isThere: () => succeeds(user('show-environment')),
    async endEarlier() {},
    // A restart, not a start: an install that writes the file anew is to come into force.
    enabling: (name) => [user('daemon-reload'), user('enable', `${name}.service`), user('restart', `${name}.service`)],
    disabling: (name) => [user('disable', '--now', `${name}.service`)],
    forgetting: [user('daemon-reload')],
    logs: ({ name }) => `journalctl --user -u ${name} -e`,
  }
}

/** A service that is told to end hands back what is under way for up to 25 s. ms. */
const endMs = 40_000

function launchd(env: Record<string, string | undefined>): InitSystem {
  const domain = `gui/${process.getuid?.()}`
  const file = (name: string): string => join(homeOf(env), 'Library/LaunchAgents', `${name}.plist`)
  return {
    fileOf: file,
    text: launchdPlist,
    isThere: () => succeeds(['launchctl', 'print', domain]),
    // What is loaded is not loaded again, and is told that it is gone only when it has ended.
    async endEarlier(name) {
      const loaded = ['launchctl', 'print', `${domain}/${name}`]
      if (!succeeds(loaded)) return
      succeeds(['launchctl', 'bootout', `${domain}/${name}`])
      for (const until = Date.now() + endMs; succeeds(loaded) && Date.now() < until; ) await sleep(250)
    },
    enabling: (name) => [['launchctl', 'bootstrap', domain, file(name)]],
    disabling: (name) => [['launchctl', 'bootout', `${domain}/${name}`]],
    forgetting: [],
    logs: ({ log }) => (log === null ? 'asyncv logs' : `tail -n 100 '${log}'`),
  }
}

export function isInPath(program: string, env: Record<string, string | undefined>): boolean {
  return (env['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)))
}

function succeeds([program = '', ...args]: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 10_000 }).status === 0
}
