import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Tests run from source: the private condition leads imports of our own packages to their TypeScript. The others are Node's.
const conditions = ['@asyncv/source', 'node', 'import', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{src,scripts,migrations,connectors,providers,server,cli,create-asyncv,examples,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 20_000,
    // Much of the time is waited for timers and processes, so also two cores have room for two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ['default', ['json', { outputFile: 'node_modules/.vitest-report.json' }]],
  },
})
