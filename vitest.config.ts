import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { testReporter } from './scripts/test-report.ts'

// Tests run from source: the private condition leads imports of our own packages to their TypeScript. The others are Node's.
const conditions = ['@asyncv/source', 'node', 'import', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'library',
          include: [
            '{src,scripts,migrations,connectors,providers,server,create-asyncv,examples,test}/**/*.test.ts',
            'studio/src/**/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'command',
          include: ['cli/**/*.test.ts'],
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
          // Several browsers beside each other on two cores are slow to start, and axe is slow in each.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // A browser has more ways to be late than a test can wait for; a second try is told of at the end.
          retry: 1,
        },
      },
    ],
    // Much of the time is waited for timers and processes, so also two cores have room for two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // As many again within a file that says that its tests may stand beside each other.
    maxConcurrency: 2,
    reporters: ['default', testReporter('node_modules/.vitest-report.json')],
  },
})
