import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { commandPlace, type Place, type Ran } from '../command.fixture.ts'

vi.setConfig({ testTimeout: 60_000 })

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0
if (!hasAnalyze) console.warn('NOT RUN: there is no systemd-analyze here, so the unit was not looked at by systemd.')

const config = { agents: [{ name: 'a', model: 'offline/demo' }] }

let place: Place
let env: Record<string, string>
beforeEach(() => {
  place = commandPlace()
  place.write('asyncv.config.json', config)
  mkdirSync(join(place.folder, 'bin'))
  env = { HOME: join(place.folder, 'home'), PATH: join(place.folder, 'bin') }
})
afterEach(() => place.remove())

/** A program of the host's that notes how it was called. */
function program(name: string, script = ''): void {
  const file = join(place.folder, 'bin', name)
  writeFileSync(file, `#!/bin/sh\necho "$0 $*" >> '${place.folder}/calls'\n${script}\n`)
  chmodSync(file, 0o755)
}
const calls = (): string[] => {
  const file = join(place.folder, 'calls')
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8').trim().replaceAll(`${place.folder}/bin/`, '').split('\n')
}
const service = (args: string[], more: Record<string, string> = {}): Ran =>
  place.run(['service', ...args], { env: { ...env, ...more } })
const unit = (name = 'asyncv'): string => join(place.folder, `home/.config/systemd/user/${name}.service`)

describe.runIf(process.platform === 'linux')('on a host with systemd', () => {
  test('install writes a unit, enables it and starts it; uninstall takes all of that back', () => {
    program('systemctl')
    program('systemd-notify')
    const { status, stdout } = service(['install'])
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: `Written: ${unit()}\nThe service asyncv runs, and starts with every login.\n`,
    })
    const text = readFileSync(unit(), 'utf8')
    expect(text).toContain(`WorkingDirectory=${place.folder}\n`)
    expect(text).toContain('Type=notify\n')
    expect(text).toContain(`"start" "--config=${join(place.folder, 'asyncv.config.json')}"\n`)
    const enabling = ['daemon-reload', 'enable asyncv.service', 'restart asyncv.service']
    expect(calls()).toEqual(['show-environment', ...enabling].map((words) => `systemctl --user ${words}`))
    expect(service(['uninstall'])).toMatchObject({ status: 0, stdout: `Removed: ${unit()}\n` })
    expect(existsSync(unit())).toBe(false)
    expect(calls().slice(-3)).toEqual([
      'systemctl --user show-environment',
      'systemctl --user disable --now asyncv.service',
      'systemctl --user daemon-reload',
    ])
    expect(service(['uninstall'])).toMatchObject({ status: 0, stderr: 'There is no service asyncv to remove.\n' })
  })

  test('install --studio has Studio started with its data of here, under a name of its own', () => {
    program('systemctl')
    program('systemd-notify')
    expect(service(['install', '--studio'])).toMatchObject({
      status: 0,
      stdout: `Written: ${unit('asyncv-studio')}\nThe service asyncv-studio runs, and starts with every login.\n`,
    })
    const text = readFileSync(unit('asyncv-studio'), 'utf8')
    expect(text).toContain(`"studio" "--home=${join(place.folder, '.asyncv')}"\n`)
    expect(text).toContain(`WorkingDirectory=${place.folder}\n`)
    expect(text).toContain('Type=notify\n')
    expect(service(['uninstall', '--studio'])).toMatchObject({
      status: 0,
      stdout: `Removed: ${unit('asyncv-studio')}\n`,
    })
  })

  test('Studio tells systemd when it is ready', async () => {
    program('systemd-notify')
    const child = place.spawn(['studio', '--port', '0'], { env: { ...env, NOTIFY_SOCKET: '/nowhere' } })
    await expect.poll(calls, { timeout: 30_000 }).toContainEqual(expect.stringMatching(/READY=1 STATUS=http:/))
    child.kill('SIGTERM')
    await expect.poll(calls, { timeout: 30_000 }).toContainEqual(expect.stringContaining('STOPPING=1'))
  })

  test('where systemd does not answer, the commands are printed', () => {
    program('systemctl', 'exit 1')
    const { status, stdout } = service(['install', '--name', 'bot'])
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(
        /run:\n {2}systemctl --user daemon-reload\n {2}systemctl --user enable bot\.service\n/,
      ),
    })
    // Nothing would tell systemd that the service is ready.
    expect(readFileSync(unit('bot'), 'utf8')).toMatch(/^Type=exec$/m)
  })

  test('what systemd says against it is shown', () => {
    program('systemctl', 'case "$*" in *enable*) echo "Unit is masked." >&2; exit 1;; esac')
    const { status, stderr } = service(['install'])
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/enable asyncv\.service" failed: Unit is masked\.[\s\S]*journalctl/),
    })
  })

  test.each<[string, object, RegExp]>([
    ['a configuration that is wrong', { agnets: [] }, /agnets: unknown key/],
    [
      'a secret that only this shell has',
      { ...config, providers: { main: { type: 'openai', options: { apiKey: { $secret: 'ONLY_HERE' } } } } },
      /does not know the variables of this shell[\s\S]*ONLY_HERE/,
    ],
  ])('%s is found before anything is written', (_, given, message) => {
    program('systemctl')
    place.write('asyncv.config.json', given)
    const { status, stderr } = service(['install'], { ONLY_HERE: 'sesame' })
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(message) })
    expect(existsSync(unit())).toBe(false)
    expect(calls()).toEqual([])
  })

  test('secrets that only a master key of this shell opens are found before anything is written', () => {
    program('systemctl')
    const key = { ASYNCV_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') }
    const providers = { main: { type: 'openai', options: { apiKey: { $secret: 'MODEL_KEY' } } } }
    place.run(['secrets', 'set', 'MODEL_KEY'], { env: key, input: 'sk-x' })
    const own = join(place.folder, '.asyncv/vault.key')
    const refused = (): string => {
      const { status, stderr } = service(['install'], key)
      expect({ status, isThere: existsSync(unit()) }).toEqual({ status: 2, isThere: false })
      expect(stderr).toContain('does not know the variables of this shell')
      return stderr
    }
    expect(refused()).toContain('There is no master key')
    expect(existsSync(own)).toBe(false)
    writeFileSync(own, `${Buffer.alloc(32, 8).toString('base64')}\n`, { mode: 0o600 })
    expect(refused()).toContain('MODEL_KEY')
    place.write('asyncv.config.json', { ...config, providers })
    expect(refused()).toContain('secret MODEL_KEY cannot be read')
  })

  test("install makes no master key, which is the first start's to make", () => {
    program('systemctl')
    expect(service(['install']).status).toBe(0)
    expect(existsSync(join(place.folder, '.asyncv/vault.key'))).toBe(false)
  })

  test.each([
    ['ASYNCV_HOME', 'data', 'data/asyncv.db'],
    ['ASYNCV_STORAGE', 'sqlite:./other.db', 'other.db'],
  ])('a database that only %s of this shell names is in the unit', (name, value, database) => {
    const { stdout } = service(['install', '--print'], { [name]: value })
    expect(stdout).toContain(` "--storage=sqlite:${join(place.folder, database)}"\n`)
  })

  test('a database that the folder names by itself is not', () => {
    place.write('.env', 'ASYNCV_STORAGE=sqlite:./own.db\n')
    expect(service(['install', '--print']).stdout).toMatch(/^ExecStart=.*asyncv\.config\.json"$/m)
  })

  test('a service that runs already is to be stopped first', async () => {
    program('systemctl')
    const { child } = await place.start()
    const { status, stderr } = service(['install'])
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(`process ${child.pid}`) })
    expect(existsSync(unit())).toBe(false)
  })

  test('a unit that somebody else wrote is left alone', () => {
    program('systemctl')
    mkdirSync(join(unit(), '..'), { recursive: true })
    writeFileSync(unit(), '[Service]\n')
    for (const action of ['install', 'uninstall']) {
      expect(service([action])).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('not written by this command'),
      })
    }
    expect(readFileSync(unit(), 'utf8')).toBe('[Service]\n')
  })

  test('a file for another host is only printed', () => {
    expect(service(['install', '--target', 'launchd'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--print'),
    })
  })
})

test.each(['../x', 'a b', '-x', '4'])('--name %j is refused', (name) => {
  expect(service(['install', `--name=${name}`])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--name is'),
  })
})

/** A folder with all that means something to systemd, XML or a shell. */
function awkward(): { folder: string; file: string } {
  const folder = join(place.folder, `a "b" 100% $HOME 'c' <d> & é`)
  mkdirSync(folder)
  const file = join(folder, 'asyncv.config.json')
  writeFileSync(file, JSON.stringify(config))
  return { folder, file }
}

test.runIf(hasAnalyze)('systemd has nothing to say against the unit, whatever the folder is called', () => {
  const { file } = awkward()
  program('systemd-notify')
  const { status, stdout } = service(['install', '--print', '--target', 'systemd', '--config', file])
  expect(status).toBe(0)
  const path = join(place.folder, 'asyncv.service')
  writeFileSync(path, stdout)
  const options = { encoding: 'utf8' as const, env: { ...process.env, XDG_RUNTIME_DIR: place.folder } }
  const verified = spawnSync('systemd-analyze', ['verify', '--user', path], options)
  expect({ status: verified.status, stderr: verified.stderr }).toEqual({ status: 0, stderr: '' })
  expect(existsSync(join(place.folder, 'home'))).toBe(false)
})

test('the launch agent is a property list that says the same', () => {
  const { folder, file } = awkward()
  const { status, stdout } = service(['install', '--print', '--target', 'launchd', '--config', file])
  expect(status).toBe(0)
  const code = 'import json, plistlib, sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))'
  const parsed = spawnSync('python3', ['-c', code], { input: stdout, encoding: 'utf8' })
  expect(JSON.parse(parsed.stdout)).toMatchObject({
    Label: 'asyncv',
    ProgramArguments: expect.arrayContaining([realpathSync(process.execPath), 'start', `--config=${file}`]),
    WorkingDirectory: folder,
    EnvironmentVariables: { ASYNCV_SUPERVISOR: 'launchd', ASYNCV_LOG_FILE: join(folder, '.asyncv/asyncv.log') },
    KeepAlive: { SuccessfulExit: false },
    Umask: 0o77,
    StandardErrorPath: join(folder, '.asyncv/asyncv.log'),
  })
})

test('a service that systemd keeps is not taken out of its hands by restart', async () => {
  await place.start([], { env: { ASYNCV_SUPERVISOR: 'systemd' } })
  expect(place.run(['restart'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('systemctl --user restart'),
  })
})
