import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StudioOptions } from './options.ts'
import { createStudio, type Studio } from './studio.ts'

export interface OpenedStudio {
  studio: Studio
  url: string
  folder: string
  close(): Promise<void>
}

/** What the real cost would add to each account of a test is a second. */
const passwordCost = { log2N: 10, r: 8, p: 1 }

/** Studio on a free port, in a new folder. */
export async function openStudio(options: Partial<StudioOptions> = {}): Promise<OpenedStudio> {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-studio-'))
  const studio = await createStudio({ database: join(folder, 'studio.db'), passwordCost, ...options })
  const listening = await studio.listen({ host: '127.0.0.1', port: 0 })
  return {
    studio,
    url: listening.url,
    folder,
    async close() {
      await listening.close({ graceMs: 0 })
      await studio.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
