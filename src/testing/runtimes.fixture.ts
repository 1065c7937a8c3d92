import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { z } from 'zod'
import type { Asyncv } from '../api.ts'
import { createAsyncv } from '../asyncv.ts'
import type { AsyncvOptions } from '../options.ts'
import type { Provider, ProviderError } from '../provider.ts'
import { sqlite } from '../sqlite/index.ts'
import { defineTool } from '../tool.ts'

/** Runtimes for the tests of one file. What a test starts is stopped after it, and its files go. */
export function runtimes() {
  const cleanups: (() => Promise<void> | void)[] = []
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  })

  function freshFile(): string {
    const folder = mkdtempSync(join(tmpdir(), 'asyncv-'))
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
    return join(folder, 'asyncv.db')
  }

  /** With one agent, `helper`, that asks `provider`; in memory, unless a file is named. */
  async function started(provider: Provider, more: Partial<AsyncvOptions> & { file?: string } = {}): Promise<Asyncv> {
    const { file = ':memory:', ...options } = more
    const asyncv = createAsyncv({
      storage: sqlite(file),
      providers: { main: provider },
      agents: [{ name: 'helper', model: 'main/m' }],
      modelCalls: { backoffMs: 1 },
      ...options,
    })
    await asyncv.start()
    cleanups.push(() => asyncv.stop({ drainMs: 0 }))
    return asyncv
  }

  return { started, freshFile }
}

/** What a model service that is away says, and goes on saying. */
export const down: ProviderError = { code: 'provider_unavailable', message: 'down for the test', retryable: false }

/** A tool called `count`, which takes a number. */
export const count = (effect: 'read' | 'idempotent' | 'once', run: () => unknown) =>
  defineTool({ name: 'count', description: 'Counts', input: z.object({ by: z.number() }), effect, run })

/** Ends when it is told to, and by nothing else. */
export function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}
