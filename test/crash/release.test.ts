/** Kills a real process while a release is received, switched to and acknowledged: afterwards the one or the other is in force. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readOwner } from '@asyncv/migrations'
import { hashOf, signEnvelope } from 'asyncv'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { bundleCommand, bundleMs } from './bundle.ts'
import { Victim } from './victim.ts'

let command: string
beforeAll(async () => {
  command = (await bundleCommand()).command
}, bundleMs)

/** Both name what the other does not, so that half of the one and half of the other would show. */
const saying = (name: string) => ({
  schemaVersion: 1,
  agents: [`${name}-one`, `${name}-two`].map((agent) => ({ name: agent, model: 'offline/demo' })),
})

class Host {
  readonly folder = mkdtempSync(join(tmpdir(), 'asyncv-release-crash-'))
  #victim: Victim | null = null

  constructor() {
    // What is not portable stays beside each release.
    writeFileSync(
      join(this.folder, 'asyncv.config.json'),
      JSON.stringify({ agents: saying('file').agents, server: { managementPort: 0 } }),
    )
    onTestFinished(async () => {
      if (this.#victim !== null && !this.#victim.dead) await this.#victim.kill()
      rmSync(this.folder, { recursive: true, force: true })
    })
  }

  async start(crashpoint: string | null): Promise<Victim> {
    const config = join(this.folder, 'asyncv.config.json')
    const victim = await Victim.start({ command, config, env: {}, crashpoint })
    if (victim === null) throw new Error(`It died at ${crashpoint} before it was asked anything.`)
    this.#victim = victim
    return victim
  }

  #beside(name: string): string {
    return readFileSync(join(this.folder, '.asyncv', name), 'utf8').trim()
  }

  async ask(method: string, path: string, body?: unknown): Promise<Response> {
    const owner = await readOwner(join(this.folder, '.asyncv/asyncv.db'))
    return fetch(`${owner?.management}/admin/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.#beside('operator.key')}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  async state() {
    const state = (await (await this.ask('GET', '/release')).json()) as {
      runtime: string
      current: { hash: string; revision: number }
    }
    return state
  }

  async sign(document: object, sequence: number) {
    const { runtime, current } = await this.state()
    const unsigned = { hash: hashOf(document), parentHash: current.hash, audience: runtime }
    const envelope = signEnvelope(
      { ...unsigned, publisher: 'command', sequence, createdAt: 1 },
      this.#beside('publisher.key'),
    )
    return { envelope, document }
  }

  async agents(): Promise<string[]> {
    const answer = await fetch(`${this.#victim?.url}/v1/agents`)
    return ((await answer.json()) as { data: { name: string }[] }).data.map(({ name }) => name)
  }
}

test.each([
  ['release.received', 'old'],
  ['release.connected', 'old'],
  ['storage.applyRelease:before', 'old'],
  ['storage.applyRelease:after', 'new'],
  ['release.swapped', 'new'],
  ['release.acknowledge', 'new'],
])(
  'killed at %s: the %s release is in force as a whole, and repeating it gives the applied one',
  { timeout: 60_000 },
  async (point, which) => {
    const host = new Host()
    const first = await host.start(null)
    const old = await host.ask('PUT', '/release', await host.sign(saying('old'), 1))
    expect(old.status).toBe(200)
    await first.kill()

    const victim = await host.start(point)
    const release = await host.sign(saying('new'), 2)
    // The connection is cut: the publisher knows nothing.
    await expect(host.ask('PUT', '/release', release)).rejects.toThrow()
    await expect.poll(() => victim.dead).toBe(true)

    await host.start(null)
    expect(await host.agents()).toEqual([`${which}-one`, `${which}-two`])
    expect((await host.state()).current.revision).toBe(which === 'old' ? 2 : 3)
    const again = await host.ask('PUT', '/release', release)
    expect(again.status).toBe(200)
    expect(await again.json()).toMatchObject({ revision: 3, hash: release.envelope.hash })
    expect(await host.agents()).toEqual(['new-one', 'new-two'])
  },
)
