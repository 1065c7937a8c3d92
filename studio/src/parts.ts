import { type Accounts, createAccounts } from './accounts/accounts.ts'
import { createDevices } from './accounts/devices.ts'
import { createFirstRun, type FirstRun } from './accounts/first-run.ts'
import { createSessions, type Sessions } from './accounts/sessions.ts'
import { createThrottle } from './accounts/throttle.ts'
import { createUsers, type Users } from './accounts/users.ts'
import { type AuditLog, createAuditLog } from './audit/log.ts'
import type { Database } from './database/open.ts'
import type { StudioKey } from './keys/key-file.ts'

/** What the routes stand on. */
export interface StudioParts {
  firstRun: FirstRun
  sessions: Sessions
  accounts: Accounts
  users: Users
  audit: AuditLog
}

export function createParts(db: Database, key: StudioKey, now: () => number): StudioParts {
  const sessions = createSessions(db, now)
  const firstRun = createFirstRun(db)
  const devices = createDevices(key.devices)
  return {
    firstRun,
    sessions,
    accounts: createAccounts({ db, sessions, firstRun, devices, throttle: createThrottle(now), now }),
    users: createUsers(db, sessions, now),
    audit: createAuditLog(db),
  }
}
