import type { World } from './world.ts'

/** Something that people do to the bot, and the points that it leads through. */
export interface Scenario {
  name: string
  /** Says what is said, and waits for what it needs; never for more than a dead process can give. */
  drive(world: World): Promise<void>
  /** Points it is bound to reach. A point that is not here cannot be reached by it: that cell of the grid is not asked. */
  reaches: readonly string[]
  /** The process is killed here first, so that the point is reached while it recovers. */
  first?: (point: string) => string
}

const around = (...names: string[]): string[] => names.flatMap((name) => [`${name}:before`, `${name}:after`])

const everywhere = [
  ...around('storage.recover', 'storage.accept', 'storage.finish', 'storage.settle', 'connector.accept'),
  'flush.begin',
  'flush.before-commit',
  'flush.after-commit',
  'provider.stream:before',
  'provider.stream:first',
  'provider.stream:after',
  ...around('connector.post'),
]

export const scenarios: readonly Scenario[] = [
  {
    name: 'plain',
    reaches: [...everywhere, ...around('storage.keepState', 'storage.carryOut', 'storage.take')],
    async drive(world) {
      world.command(1, '/start')
      for (const chat of [1, 2, 3]) world.say(chat, 'plain')
      await world.answered(2)
      for (const chat of [1, 2, 3]) world.say(chat, 'plain')
      await world.answered(6)
      world.sayAside()
    },
  },
  {
    name: 'streamed',
    reaches: [...everywhere, ...around('storage.post', 'storage.place', 'connector.edit', 'connector.typing')],
    async drive(world) {
      for (const chat of [1, 2]) world.say(chat, 'stream')
    },
  },
  {
    name: 'tools',
    reaches: [...everywhere, ...around('storage.journal', 'tool.run')],
    async drive(world) {
      for (const chat of [1, 2]) world.say(chat, 'tool')
    },
  },
  {
    name: 'steered',
    reaches: [...everywhere, ...around('storage.journal', 'storage.absorb', 'tool.run')],
    async drive(world) {
      world.say(1, 'tool')
      await world.looking()
      world.say(1, 'also')
    },
  },
  {
    name: 'repeated',
    reaches: [
      ...around('storage.recover', 'storage.accept', 'storage.finish', 'storage.cancel'),
      'flush.begin',
      'flush.before-commit',
      'flush.after-commit',
      'provider.stream:before',
      'provider.stream:first',
      'provider.stream:after',
    ],
    async drive(world) {
      await Promise.all([world.post('key-1', 'plain'), world.post('key-1', 'plain'), world.post('key-2', 'plain')])
      await world.cancelled('key-3', 'stream')
    },
  },
  {
    name: 'recovering',
    reaches: [
      ...around(
        'storage.recover',
        'storage.claim',
        'storage.journal',
        'storage.finish',
        'storage.settle',
        'tool.run',
        'connector.post',
      ),
      'tool.reconcile:before',
      'flush.begin',
      'flush.before-commit',
      'flush.after-commit',
      'provider.stream:before',
      'provider.stream:first',
      'provider.stream:after',
    ],
    first: (point) => (point.startsWith('tool.reconcile') ? 'tool.run:after' : 'provider.stream:first'),
    async drive(world) {
      for (const chat of [1, 2]) world.say(chat, 'tool')
    },
  },
]

/** Points that no scenario reaches, and why that is so. */
export const unreached: Readonly<Record<string, string>> = {
  'storage.applyRelease:before': 'release.test.ts has it, and the points of a release below',
  'storage.applyRelease:after': 'release.test.ts has it',
  'release.received': 'release.test.ts has it',
  'release.connected': 'release.test.ts has it',
  'release.swapped': 'release.test.ts has it',
  'release.acknowledge': 'release.test.ts has it',
  'storage.retry:before': 'no route leads to it yet; the storage contract has it',
  'storage.retry:after': 'no route leads to it yet; the storage contract has it',
  'storage.handBack:before': 'only an ordered stop that runs out of time hands back; src/asyncv.test.ts has it',
  'storage.handBack:after': 'only an ordered stop that runs out of time hands back; src/asyncv.test.ts has it',
}
