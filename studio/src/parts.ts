import { type Accounts, createAccounts } from './accounts/accounts.ts'
import { createDevices } from './accounts/devices.ts'
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
import { createRuntimeClient, type RuntimeClient } from './runtimes/client.ts'
import { ensureIdentity, type Identity } from './runtimes/identity.ts'
import { createRuntimePort } from './runtimes/port.ts'
import { createRuntimes, type Runtimes } from './runtimes/runtimes.ts'

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
}

/** Throws `config_invalid` when the key is not the one that the database was sealed with. */
export async function createParts(
  db: Database,
  key: StudioKey,
  { now, passwordCost }: Pick<ResolvedStudioOptions, 'now' | 'passwordCost'>,
): Promise<StudioParts> {
  const sessions = createSessions(db, now)
  const firstRun = createFirstRun(db)
  const sealer = createSealer(key.cipher)
  const devices = createDevices(key.devices)
  const events = createEvents()
  const client = createRuntimeClient()
  const runtimes = createRuntimes(db, sealer, now)
  const itemPorts = createItemPorts({ db, runtimes: createRuntimePort(runtimes, client), events, now })
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
      passwords: createPasswords(passwordCost),
    }),
    users: createUsers(db, sessions, now),
    audit: createAuditLog(db),
    identity: await ensureIdentity(db, sealer, now),
    runtimes,
    client,
    items: createItems(itemPorts),
    itemPorts,
    events,
  }
}
