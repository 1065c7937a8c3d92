import { type Accounts, createAccounts } from './accounts/accounts.ts'
import { createDevices } from './accounts/devices.ts'
import { createFirstRun, type FirstRun } from './accounts/first-run.ts'
import { createSessions, type Sessions } from './accounts/sessions.ts'
import { createThrottle } from './accounts/throttle.ts'
import { createUsers, type Users } from './accounts/users.ts'
import { type AuditLog, createAuditLog } from './audit/log.ts'
import type { Database } from './database/open.ts'
import { createEvents, type Events } from './events.ts'
import { createItems, type Items } from './items/items.ts'
import { createItemPorts, type ItemPorts } from './items/ports.ts'
import { noRuntimes, type RuntimePort } from './items/runtime-port.ts'
import type { StudioKey } from './keys/key-file.ts'

/** What the routes stand on. */
export interface StudioParts {
  firstRun: FirstRun
  sessions: Sessions
  accounts: Accounts
  users: Users
  audit: AuditLog
  items: Items
  itemPorts: ItemPorts
  events: Events
}

export function createParts(
  db: Database,
  key: StudioKey,
  now: () => number,
  runtimes: RuntimePort = noRuntimes,
): StudioParts {
  const sessions = createSessions(db, now)
  const firstRun = createFirstRun(db)
  const devices = createDevices(key.devices)
  const events = createEvents()
  const itemPorts = createItemPorts({ db, runtimes, events, now })
  return {
    firstRun,
    sessions,
    accounts: createAccounts({ db, sessions, firstRun, devices, throttle: createThrottle(now), now }),
    users: createUsers(db, sessions, now),
    audit: createAuditLog(db),
    items: createItems(itemPorts),
    itemPorts,
    events,
  }
}
