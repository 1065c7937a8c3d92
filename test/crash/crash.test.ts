/**
 * A real `asyncv start` is killed (SIGKILL) at every point, started again, and judged by the ledgers of the services
 * around it. `check` asks each point once and makes ten kills at random moments; with ASYNCV_CRASH=full every cell of
 * the grid is asked, and 300 random kills are made.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { crashPoints } from 'asyncv/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleCommand, bundleMs } from './bundle.ts'
import { judge, type Verdict } from './judge.ts'
import { type Scenario, scenarios, unreached } from './scenarios.ts'
import { Victim } from './victim.ts'
import { World } from './world.ts'

const full = process.env['ASYNCV_CRASH'] === 'full'
const randomKills = full ? 300 : 10

/** How long a recovered process may take to finish everything. ms. */
const patience = 15_000

let bundle = { command: '', config: '' }
beforeAll(async () => {
  bundle = await bundleCommand()
}, bundleMs)

const cells = crashPoints.flatMap((point) => {
  const reaching = scenarios.filter(({ reaches }) => reaches.includes(point))
  return (full ? reaching : reaching.slice(0, 1)).map((scenario) => ({ point, scenario }))
})
const hits = new Map<string, number>()

test('every point is reached by a scenario, or says why not', () => {
  const silent = crashPoints.filter(
    (point) => unreached[point] === undefined && !cells.some((cell) => cell.point === point),
  )
  expect(silent).toEqual([])
  expect(crashPoints.length).toBeGreaterThanOrEqual(25)
})

test.each(cells)(
  '$scenario.name, killed at $point: nothing is lost, doubled or out of order',
  // Each has a world of its own, and mostly waits for a process to start.
  { timeout: 180_000, concurrent: true },
  async ({ point, scenario }) => {
    const world = await World.create()
    try {
      const kills = await killAt(world, scenario, point)
      hits.set(`${point} ${scenario.name}`, kills)
      expect(kills, `the process did not die at ${point}`).toBeGreaterThan(0)
      await finish(world)
      expectKept(await judge(world, kills))
    } finally {
      await world.close()
    }
  },
)

test(`${randomKills} kills at random moments: nothing is lost, doubled or out of order`, {
  timeout: full ? 5_400_000 : 120_000,
}, async () => {
  const world = await World.create()
  const random = lcg(Number(process.env['SEED'] ?? 11))
  let kills = 0
  try {
    for (; kills < randomKills; kills++) {
      await revive(world, null)
      // What is killed three times while it runs alone counts as poison, and rightly so: every third life lasts.
      if (kills % 3 === 2) await finish(world)
      for (const kind of ['plain', 'tool', 'plain', 'stream'] as const) world.say(1 + random(4), kind)
      await sleep(20 + random(700))
      await world.victim?.kill()
    }
    await finish(world)
    const verdict = await judge(world, kills)
    expectKept(verdict)
    console.log(`${kills} kills, ${verdict.said} messages, ${verdict.extra} doubled and counted as uncertain`)
  } finally {
    await world.close()
  }
})

afterAll(() => {
  const width = Math.max(...crashPoints.map((point) => point.length))
  const names = scenarios.map(({ name }) => name)
  const rows = crashPoints.map((point) => {
    const marks = scenarios.map((scenario) => {
      if (!scenario.reaches.includes(point)) return '·'
      return String(hits.get(`${point} ${scenario.name}`) ?? (full ? 'EMPTY' : '-'))
    })
    return `${point.padEnd(width)}  ${marks.map((mark, index) => mark.padEnd((names[index]?.length ?? 0) + 1)).join(' ')}`
  })
  console.log(
    [
      `kills that hit, by point and scenario; · cannot be reached there${full ? '' : ', - is asked by check:long'}`,
      `${''.padEnd(width)}  ${names.map((name) => `${name} `).join(' ')}`,
      ...rows,
    ].join('\n'),
  )
})

/** Starts the process so that it dies at the point, and has the scenario played. Resolves with the number of deaths. */
async function killAt(world: World, scenario: Scenario, point: string): Promise<number> {
  const first = scenario.first?.(point) ?? null
  // A point of the start-up kills the process before anything can be said.
  if (!(await revive(world, first ?? point)) && first === null) {
    await revive(world, null)
    await scenario.drive(world)
    return 1
  }
  const driven = scenario.drive(world)
  await diesWithin(world, patience)
  if (world.victim?.dead !== true) return 0
  let kills = 1
  if (first !== null) {
    await revive(world, point)
    await diesWithin(world, patience)
    if (world.victim === null || world.victim.dead) kills++
    else return 0
  }
  await revive(world, null)
  await driven
  return kills
}

/** False when the process died before it listened. */
async function revive(world: World, crashpoint: string | null): Promise<boolean> {
  world.victim = await Victim.start({ ...bundle, env: world.env, crashpoint })
  return world.victim !== null
}

async function diesWithin(world: World, ms: number): Promise<void> {
  const until = Date.now() + ms
  let quietSince = Date.now()
  while (Date.now() < until && world.victim?.dead === false) {
    if (!world.finished) quietSince = Date.now()
    // Nothing more will happen that could reach the point.
    if (Date.now() - quietSince > 5_000) return
    await sleep(5)
  }
}

async function finish(world: World): Promise<void> {
  if (world.victim === null || world.victim.dead) await revive(world, null)
  for (const until = Date.now() + patience; Date.now() < until && !world.finished; ) await sleep(10)
  // What would come twice needs a moment to come.
  await sleep(150)
}

function expectKept(verdict: Verdict): void {
  expect(verdict.broken).toEqual([])
  expect(verdict.poisoned).toBe(0)
  expect(verdict.accepted).toBeGreaterThanOrEqual(verdict.said * 0.95)
}

/** A small seeded generator, so that a failure can be run again with its SEED. */
function lcg(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}
