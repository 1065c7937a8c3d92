import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { bundleCommand, type Defect } from './bundle.ts'
import { Victim } from './victim.ts'
import { World } from './world.ts'

/** The commit is told as done when it has only been asked for. */
const acknowledgesTooEarly: Defect = {
  file: /sqlite\/shared-commit\.ts$/,
  right: "this.#leave(rider, 'aboard')\n    return bus.arrival.promise",
  wrong: "this.#leave(rider, 'aboard')\n    return Promise.resolve()",
}

/** The commit that accepts the first message: how many a start has depends on which of them shared one. */
const firstAccept = 'storage.accept:before>flush.before-commit'

test('dying right before the commit, it has acknowledged nothing', { timeout: 60_000 }, async () => {
  expect(await acknowledgedAndLost(null)).toBe(false)
})

test('a runtime that acknowledges before the commit is caught', { timeout: 60_000 }, async () => {
  expect(await acknowledgedAndLost(acknowledgesTooEarly)).toBe(true)
})

/** Sends a message to a process that dies while it commits it: whether it was acknowledged, and is gone. */
async function acknowledgedAndLost(defect: Defect | null): Promise<boolean> {
  const bundle = await bundleCommand(defect)
  const world = await World.create()
  try {
    const victim = await Victim.start({ ...bundle, env: world.env, crashpoint: firstAccept })
    world.victim = victim
    const acknowledged = await fetch(`${victim?.url}/v1/agents/helper/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Prefer: 'respond-async' },
      body: JSON.stringify({ text: 'plain w0' }),
    }).then(
      async (response) => ((await response.json()) as { task: string }).task,
      () => null,
    )
    for (let tries = 0; tries < 2_000 && victim?.dead === false; tries++) await sleep(10)
    expect(victim?.dead, 'the process died').toBe(true)
    world.victim = await Victim.start({ ...bundle, env: world.env, crashpoint: null })
    if (acknowledged === null) return false
    const { status } = await fetch(`${world.victim?.url}/v1/tasks/${acknowledged}`)
    return status === 404
  } finally {
    await world.close()
  }
}
