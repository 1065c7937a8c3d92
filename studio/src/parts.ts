import { type Accounts, createAccounts } from './accounts/accounts.ts'
import { createDevices } from './accounts/devices.ts'
import { createFailedSignIns } from './accounts/failed-sign-ins.ts'
import { createFirstRun, type FirstRun } from './accounts/first-run.ts'
import { createPasswords } from './accounts/password.ts'
import { createSessions, type Sessions } from './accounts/sessions.ts'
import { createThrottle } from './accounts/throttle.ts'
import { createUsers, type Users } from './accounts/users.ts'
import { type AuditLog, createAuditLog } from './audit/log.ts'
import type { Database } from './database/open.ts'
import { createEvents, type Events } from './events.ts'
import { createItems, type Items } from './items/items.ts'
import { createItemPorts, type ItemPorts } from './items/ports.ts'
import type { StudioKey } from './keys/key-file.ts'
import { createSealer } from './keys/seal.ts'
import type { ResolvedStudioOptions } from './options.ts'
import { openReleases, type Releases } from './releases/releases.ts'
import { signerOf } from './releases/signer.ts'
import { createRuntimeClient, type RuntimeClient } from './runtimes/client.ts'
import { ensureIdentity, type Identity } from './runtimes/identity.ts'
import { createRuntimePort } from './runtimes/port.ts'
import { createRuntimes, type Runtimes } from './runtimes/runtimes.ts'
import { openWebhooks, type Webhooks } from './webhooks/webhooks.ts'

/** What the routes stand on. */
export interface StudioParts {
  db: Database
  now: () => number
  firstRun: FirstRun
  sessions: Sessions
  accounts: Accounts
  users: Users
  audit: AuditLog
  identity: Identity
  runtimes: Runtimes
  client: RuntimeClient
  items: Items
  itemPorts: ItemPorts
  events: Events
  releases: Releases
  webhooks: Webhooks
  /** Ends what goes on by itself, then the connections to runtimes. */
  close(): Promise<void>
}

/** Throws `config_invalid` when the key is not the one that the database was sealed with. */
export async function createParts(
  db: Database,
  key: StudioKey,
  options: Pick<ResolvedStudioOptions, 'now' | 'passwordCost' | 'logger' | 'lookEveryMs' | 'allowPrivateWebhooks'>,
): Promise<StudioParts> {
  const { now, passwordCost, logger, lookEveryMs } = options
  const sessions = createSessions(db, now)
  const firstRun = createFirstRun(db)
  const sealer = createSealer(key.cipher)
  const devices = createDevices(key.devices)
  const events = createEvents()
  const client = createRuntimeClient()
  const runtimes = createRuntimes(db, sealer, now)
  const port = createRuntimePort(runtimes, client)
  const itemPorts = createItemPorts({ db, runtimes: port, events, now })
  const identity = await ensureIdentity(db, sealer, now)
  const webhooks = openWebhooks({ db, sealer, now, logger, allowPrivate: options.allowPrivateWebhooks })
  const { announce, wake } = webhooks
  const releases = openReleases(
    { db, runtimes: port, signer: signerOf(identity), announce, wake, events, now, logger },
    { lookEveryMs },
  )
  return {
    db,
    now,
    firstRun,
    sessions,
    accounts: createAccounts({
      db,
      sessions,
      firstRun,
      devices,
      now,
      throttle: createThrottle(now),
      failedSignIns: createFailedSignIns(now),
      passwords: createPasswords(passwordCost),
    }),
    users: createUsers(db, sessions, now),
    audit: createAuditLog(db),
    identity,
    runtimes,
    client,
    items: createItems(itemPorts),
    itemPorts,
    events,
    releases,
    webhooks,
    async close() {
      await Promise.all([releases.close(), webhooks.close()])
      await client.close()
    },
  }
}
