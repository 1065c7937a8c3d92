import { type Asyncv, createAsyncv } from 'asyncv'
import { createServer, type Listening, type Server } from '@asyncv/server'
import { crashHook } from './hook.ts'
import { ensureOperatorKey } from '../key-files/operator-key.ts'
import { beginTrust } from '../release/trust-file.ts'
import { allParts } from '../settings/parts.ts'
import type { ServiceLog } from './service-log.ts'
import type { Settings } from '../settings/settings.ts'

/** A runtime and its service, as `asyncv start` runs them. */
export interface Hosted {
  settings: Settings
  asyncv: Asyncv
  server: Server
  /** Resolved once its start has opened the database, brought to its version; from then on what is not ours has its turn. */
  opened: Promise<void>
}

/** The ports of a service: callers are heard when those who manage it are, too. */
export interface Ports {
  runtime: Listening
  management: Listening
}

/** Opens nothing but the file of the operator key. */
export async function host(settings: Settings, { logger, book }: ServiceLog): Promise<Hosted> {
  const hook = await crashHook(process.env)
  const { storage, opened } = followed(settings.asyncv.storage)
  const asyncv = createAsyncv({
    ...settings.asyncv,
    storage,
    definitions: allParts,
    logger,
    ...(hook === null ? {} : { hook }),
  })
  const operatorKey = await ensureOperatorKey(settings.database)
  await beginTrust(settings.database)
  const server = createServer(asyncv, {
    ...settings.server,
    ...(operatorKey === null ? {} : { operatorKey }),
    logger: settings.vault.logger(logger),
    logs: book,
  })
  return { settings, asyncv, server, opened }
}

/** A database, and when it has been opened. */
function followed(storage: Settings['asyncv']['storage']) {
  let tell = (): void => {}
  const opened = new Promise<void>((resolve) => (tell = resolve))
  const open: typeof storage.open = async (options) => {
    const database = await storage.open(options)
    tell()
    return database
  }
  return { storage: { open }, opened }
}

export async function openPorts({ server, settings }: Hosted): Promise<Ports> {
  const runtime = await server.listen(settings.server)
  const management = await server.management.listen(settings.server.managementPort).catch(async (error: unknown) => {
    await runtime.close({ graceMs: 0 })
    throw error
  })
  return { runtime, management }
}

export async function closePorts({ runtime, management }: Ports, graceMs: number): Promise<void> {
  await Promise.all([runtime.close({ graceMs }), management.close({ graceMs })])
}
