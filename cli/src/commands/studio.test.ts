import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { commandPlace, type Place } from '../command.fixture.ts'

let place: Place
beforeEach(() => {
  place = commandPlace()
})
afterEach(() => place.remove())

/** Resolves when it says where it is. */
async function said(child: ChildProcess): Promise<{ url: string; stdout: string }> {
  let stdout = ''
  let stderr = ''
  child.stderr?.on('data', (chunk) => (stderr += chunk))
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      stdout += chunk
      const [, url] = /running at (http:\S+)[\s\S]*Ctrl-C/.exec(stdout) ?? []
      if (url !== undefined) resolve({ url, stdout })
    })
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${stderr}`)))
  })
}

const linkIn = (stdout: string): string | undefined => /http:\S+\/first-run#(\S+)/.exec(stdout)?.[1]

test('says where it is, with a link that makes the first account, a new one at each start until there is one', async () => {
  const first = place.spawn(['studio', '--port', '0'])
  const before = await said(first)
  expect(await (await fetch(`${before.url}/api/first-run`)).json()).toEqual({ open: true })
  first.kill('SIGINT')
  expect(await once(first, 'exit')).toEqual([0, null])

  const second = place.spawn(['studio', '--port', '0'])
  const { url, stdout } = await said(second)
  const make = (token: string | undefined) =>
    fetch(`${url}/api/first-run`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ token, login: 'ann', name: 'Ann', password: 'the password of ann' }),
    })
  expect((await make(linkIn(before.stdout))).status).toBe(403)
  expect((await make(linkIn(stdout))).status).toBe(200)
  second.kill('SIGTERM')
  await once(second, 'exit')

  expect(linkIn((await said(place.spawn(['studio', '--port', '0']))).stdout)).toBeUndefined()
}, 60_000)

test('its data are in .asyncv, or where --home or ASYNCV_HOME says, and its key is its owner’s alone', async () => {
  await said(place.spawn(['studio', '--port', '0']))
  await said(place.spawn(['studio', '--port', '0', '--home', 'flag']))
  await said(place.spawn(['studio', '--port', '0'], { env: { ASYNCV_HOME: join(place.folder, 'variable') } }))
  for (const home of ['.asyncv', 'flag', 'variable']) {
    expect(existsSync(join(place.folder, home, 'studio.db'))).toBe(true)
    expect(statSync(join(place.folder, home, 'studio.key')).mode & 0o777).toBe(0o600)
  }
}, 60_000)

test('a second one on the same data is refused', async () => {
  const { url } = await said(place.spawn(['studio', '--port', '0']))
  const { status, stderr } = place.run(['studio', '--port', '0'])
  expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(`(${url})`) })
  expect(stderr).toContain('is in use by process')
  // Nor does the host get one that could not start.
  const installed = place.run(['service', 'install', '--studio'], { env: { HOME: join(place.folder, 'home') } })
  expect({ status: installed.status, stderr: installed.stderr }).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/Studio runs here already: process \d+, http/),
  })
})

test('the status of the runtime beside it says where it is, while it runs', async () => {
  const service = await place.start()
  const studio = place.spawn(['studio', '--port', '0'])
  const { url } = await said(studio)
  expect(place.run(['status']).stdout).toMatch(new RegExp(`^  Studio +${url}$`, 'm'))
  expect(JSON.parse(place.run(['status', '--json']).stdout)).toMatchObject({ url: service.url, studio: url })
  // Of a service that was named nobody knows whether it is beside this folder.
  expect(JSON.parse(place.run(['status', '--json', '--url', service.url]).stdout)).toMatchObject({ studio: null })
  studio.kill('SIGKILL')
  await once(studio, 'exit')
  const { stdout } = place.run(['status'])
  expect(stdout).toContain(`${service.url} is ready`)
  expect(stdout).not.toContain('Studio')
})

test('another host takes https in front, or a flag that says what that means', () => {
  const { status, stderr } = place.run(['studio', '--port', '0', '--host', '0.0.0.0'])
  expect(status).toBe(2)
  expect(stderr).toContain('in the clear')
  expect(stderr).toMatch(/--public-url https:.*--allow-http/)
})

test('whoever began it with a channel takes it along, also when killed', async () => {
  const { args, cwd, env } = place.command(['studio', '--port', '0'], {})
  const [main = '', ...rest] = args
  const child = fork(main, rest, { cwd, env, silent: true, execArgv: [] })
  await said(child)
  child.disconnect()
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('with pages on another host, the link for the first account leads there, and they may call it', async () => {
  const pages = 'https://pages.example'
  const { url, stdout } = await said(
    place.spawn(['studio', '--port', '0'], {
      env: { ASYNCV_STUDIO_APP_ORIGIN: `${pages}/studio/, http://localhost:9` },
    }),
  )
  expect(stdout).toMatch(/https:\/\/pages\.example\/studio\/first-run#[\w-]{43}/)
  expect(stdout).toContain('Its pages are also at https://pages.example/studio, http://localhost:9')
  const allowed = async (origin: string) =>
    (await fetch(`${url}/api/first-run`, { headers: { origin } })).headers.get('access-control-allow-origin')
  expect(await allowed(pages)).toBe(pages)
  expect(await allowed('https://evil.example')).toBeNull()
})

test.each([
  [[], 'What is to be built is not said', 'asyncv studio build --static --api'],
  [['--static'], 'Where the pages find Studio is not said', '--api https://studio.example'],
  [['--static', '--api', 'http://studio.example'], '"http://studio.example", without https', '--public-url'],
  [['--static', '--api', 'https://s.example', '--base', 'studio'], 'the path "studio"', '"/studio/"'],
])('studio build %j is refused with the way out, and writes nothing', (args, why, wayOut) => {
  const { status, stdout, stderr } = place.run(['studio', 'build', ...args])
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain(why)
  expect(stderr).toContain(wayOut)
  expect(existsSync(join(place.folder, 'studio-app'))).toBe(false)
})

test('backup copies the database beside a Studio that runs, and says what to keep elsewhere', async () => {
  await said(place.spawn(['studio', '--port', '0']))
  const { status, stdout, stderr } = place.run(['studio', 'backup', 'kept.db'])
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^Written: .*kept\.db \(\d/) })
  expect(stderr).toContain(join(place.folder, '.asyncv/studio.key'))
  expect(statSync(join(place.folder, 'kept.db')).mode & 0o777).toBe(0o600)
  expect(place.run(['studio', 'backup', 'kept.db'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('is there already'),
  })
})
