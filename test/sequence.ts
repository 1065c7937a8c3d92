import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest of all, the longest of a project first: at the end it would be waited for by itself. */
const long = [
  'test/crash/crash.test.ts',
  'cli/src/commands/deploy.test.ts',
  'cli/src/commands/stop.test.ts',
  'studio/test/every-page.test.ts',
  'studio/test/watch.test.ts',
  'studio/test/releases.test.ts',
  'studio/test/way/hard-times.test.ts',
  'studio/test/way/whole.test.ts',
  'test/crash/release.test.ts',
  'examples/examples.test.ts',
  'scripts/start-both.test.ts',
]

/**
 * Long files come first, and those that share a worker last: a worker is only handed on to a file that comes directly behind, and
 * short ones at the end keep every core busy up to it. Otherwise it is vitest's own order.
 */
export class Sequence extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((one, other) => place(one) - place(other))
  }
}

/** Projects one behind the other: a worker is handed on only within its own. */
const projects = ['alone', 'command', 'studio', 'library']

function place({ moduleId, project }: TestSpecification): number {
  const rank = long.findIndex((file) => moduleId.endsWith(`/${file}`))
  return projects.indexOf(project.name) + (rank < 0 ? long.length : rank) / (long.length + 1)
}
