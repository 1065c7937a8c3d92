import type { MigrationSet } from '../set.ts'
import { firstTables } from './0001-first-tables.ts'
import { publishing } from './0002-publishing.ts'
import { lookUps } from './0003-look-ups.ts'
import { sampleData } from './sample-data.ts'

/** The database of Studio. */
export const studioSet: MigrationSet = { name: 'studio', migrations: [firstTables, publishing, lookUps], sampleData }
