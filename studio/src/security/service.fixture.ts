/** Studio's service with what an attacker would like to see of it: its routes, its database, what it logs. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createStudioApp } from '../app.ts'
import { type Browser, browserOf, invite, signUp } from '../browser.fixture.ts'
import { type Database, openDatabase } from '../database/open.ts'
import { readKeyFile } from '../keys/key-file.ts'
import { listen } from '../listen.ts'
import { resolveStudioOptions, type StudioOptions } from '../options.ts'
import { createParts, type StudioParts } from '../parts.ts'
import type { Route } from '../routes/access.ts'
import { routeList } from '../routes/route-list.ts'
import { type Role, roles } from '../schemas/role.ts'

export interface Service {
  url: string
  port: number
  folder: string
  db: Database
  parts: StudioParts
  /** As the application itself has them. */
  routes: readonly Route[]
  /** Everything that it logged. */
  logged: unknown[]
  admin: Browser
  /** A browser that has just been signed in as somebody with this role. */
  as(role: Role): Promise<Browser>
  close(): Promise<void>
}

export async function openService(given: Partial<StudioOptions> = {}): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-studio-safe-'))
  const logged: unknown[] = []
  const log = (...line: unknown[]): void => void logged.push(line)
  const options = resolveStudioOptions({
    database: join(folder, 'studio.db'),
    passwordCost: { log2N: 10, r: 8, p: 1 },
    // What Studio looks for by itself is not what a test asks for.
    lookEveryMs: 600_000,
    logger: { debug: log, info: log, warn: log, error: log },
    ...given,
  })
  const { db, close } = await openDatabase(options.database)
  const parts = await createParts(db, readKeyFile(options.keyFile), options)
  const app = createStudioApp(parts, options)
  const listening = await listen(app.fetch, { host: '127.0.0.1', port: 0 }, { ...options, publicUrl: null })
  const { url } = listening
  const first = `/first-run#${parts.firstRun.token}`
  const admin = await signUp({ url, studio: { firstRunPath: async () => first } })
  const ids = new Map<Role, string>([['admin', (await admin.ask('GET', '/api/me')).body.user.id]])
  for (const role of roles) {
    if (role !== 'admin') ids.set(role, (await invite(admin, url, role, role)).id)
  }
  return {
    url,
    port: Number(new URL(url).port),
    folder,
    db,
    parts,
    routes: routeList(app),
    logged,
    admin,
    async as(role) {
      const browser = browserOf(url)
      const token = await db.transaction().execute((trx) => parts.sessions.begin(trx, ids.get(role) ?? ''))
      browser.cookies.set('asyncv_studio', token)
      return browser
    },
    async close() {
      await listening.close({ graceMs: 0 })
      await parts.close()
      await close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
