import type { MigrationSet } from '../set.ts'
import { firstTables } from './0001-first-tables.ts'
import { apiKeys } from './0002-api-keys.ts'
import { events } from './0003-events.ts'
import { files } from './0004-files.ts'
import { audit } from './0005-audit.ts'
import { secrets } from './0006-secrets.ts'
import { releases } from './0007-releases.ts'
import { sampleData } from './sample-data.ts'

/** The database of a runtime. */
export const runtimeSet: MigrationSet = {
  name: 'runtime',
  migrations: [firstTables, apiKeys, events, files, audit, secrets, releases],
  sampleData,
}
