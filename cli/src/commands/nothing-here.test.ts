import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { commandPlace, type Place } from '../command.fixture.ts'

const places: Place[] = []
afterAll(() => {
  for (const place of places) place.remove()
})

/** In an empty folder of its own. */
async function run(args: string): Promise<{ status: number | null; stderr: string; left: string[] }> {
  const place = commandPlace()
  places.push(place)
  // Nothing of another service on this machine is looked at.
  const child = place.spawn(args.split(' '), { env: { ASYNCV_PORT: '1' } })
  child.stdin?.end()
  const [stderr, [status]] = await Promise.all([
    text(child.stderr as NodeJS.ReadableStream),
    once(child, 'exit') as Promise<[number | null]>,
    text(child.stdout as NodeJS.ReadableStream),
  ])
  return { status, stderr, left: readdirSync(place.folder) }
}

/** What looks into the database itself where no service has it. */
const beside = [
  'keys list',
  'keys list --json',
  'keys revoke 0123',
  'secrets list',
  'secrets list --json',
  'secrets show TOKEN',
  'secrets remove TOKEN',
  'audit list',
  'audit verify',
]

test.each(beside)('%s in an empty folder says that there is no runtime, and how to begin', async (args) => {
  const { status, stderr, left } = await run(args)
  expect({ status, left }).toEqual({ status: 1, left: [] })
  expect(stderr).toMatch(/There is no runtime here: there is no database \S+\.asyncv\/asyncv\.db/)
  expect(stderr).toContain('asyncv init')
})

test.each([
  'trust list',
  'trust remove ann',
  'db status',
  'db check',
  'db backup kept.db',
  'doctor',
  'sessions list',
  'releases list',
  'plugins',
  'logs',
  'debug config',
])('%s leaves an empty folder empty', async (args) => {
  expect((await run(args)).left).toEqual([])
})

test.each(['status', 'keys list', 'deploy --check', 'init --yes --skip-tests'])(
  '%s in a folder that is there no more says so',
  (line) => {
    const place = commandPlace()
    places.push(place)
    const { command, args, env } = place.command(line.split(' '), {})
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"'
    const { status, stderr } = spawnSync('sh', ['-c', script, 'sh', command, ...args], {
      cwd: place.folder,
      env,
      encoding: 'utf8',
    })
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^asyncv: The folder .* no more\.\n/),
    })
  },
)

test('a configuration and a log that cannot be read are told as that', () => {
  const place = commandPlace()
  places.push(place)
  mkdirSync(join(place.folder, '.asyncv/asyncv.log'), { recursive: true })
  expect(place.run(['logs'])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^asyncv: .*asyncv\.log cannot be/),
  })
  mkdirSync(join(place.folder, 'asyncv.config.json'))
  expect(place.run(['deploy', '--check'])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^asyncv: .*asyncv\.config\.json cannot be/),
  })
})
