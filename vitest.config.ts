import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { testReporter } from './scripts/test-report.ts'
import { Sequence } from './test/sequence.ts'

// Tests run from source: the private condition leads imports of our own packages to their TypeScript. The others are Node's.
const conditions = ['@asyncv/source', 'node', 'import', 'default']

const nowhere = ['**/node_modules/**', '**/dist/**']

const library = [
  '{src,scripts,migrations,connectors,providers,server,create-asyncv,examples,test}/**/*.test.ts',
  'studio/src/**/*.test.ts',
]

/** Those that start processes without the command, measure their own, or change what all in it share: each has a worker to itself. */
const alone = [
  'cli/src/key-files/key-file.test.ts',
  'create-asyncv/src/main.test.ts',
  'examples/examples.test.ts',
  'migrations/src/command.test.ts',
  'migrations/src/sqlite/owner.test.ts',
  'scripts/count-tests.test.ts',
  'scripts/start-both.test.ts',
  'server/src/event-stream.test.ts',
  'server/src/files.test.ts',
  'server/src/fuzz.test.ts',
  'server/src/mcp/mcp.test.ts',
  'server/src/security/wire.test.ts',
  'server/src/telemetry/telemetry.test.ts',
  'src/keys.test.ts',
  'src/sqlite/kill.test.ts',
  'studio/src/items/killed-save.test.ts',
  'studio/src/releases/killed-push.test.ts',
  'studio/src/security/hostile-runtime.test.ts',
  'studio/src/security/sessions.test.ts',
  'test/canaries.test.ts',
  'test/crash/crash.test.ts',
  'test/crash/defect.test.ts',
  'test/crash/release.test.ts',
  'test/durability.test.ts',
  'test/webhooks.test.ts',
]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    exclude: nowhere,
    sequence: { sequencer: Sequence },
    testTimeout: 20_000,
    // What is waited for comes sooner or later: a second, as it is by default, a busy machine may spend on something else.
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'library',
          include: library,
          exclude: [...nowhere, ...alone],
          // What they import is loaded once for each worker, and not once for each file, which was a quarter of their time.
          isolate: false,
        },
      },
      {
        extends: true,
        // Processes start in them, which takes its time beside much else.
        test: {
          name: 'alone',
          include: alone,
          globalSetup: 'test/built-command.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'command',
          include: ['cli/**/*.test.ts'],
          exclude: [...nowhere, ...alone],
          isolate: false,
          globalSetup: 'test/built-command.ts',
          // Services start in them, which takes its time beside much else.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'studio',
          include: ['studio/app/**/*.test.{ts,tsx}', 'studio/test/**/*.test.ts'],
          globalSetup: ['test/built-command.ts', 'studio/test/built-app.ts'],
          isolate: false,
          // Several browsers beside each other on two cores are slow to start, and axe is slow in each.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // A browser has more ways to be late than a test can wait for; a second try is told of at the end.
          retry: 1,
        },
      },
    ],
    // A third of the time is waited for timers and processes, so two cores have room for three.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    // As many again within a file that says that its tests may stand beside each other.
    maxConcurrency: 2,
    reporters: ['default', testReporter('node_modules/.vitest-report.json')],
  },
})
