import { existsSync } from 'node:fs'
import { bytesOf } from '../terminal/bytes.ts'
import { words } from '../words/spoken.ts'
import { error, type Finding, note, ok, warning } from './finding.ts'
import { said, type Scene } from './scene.ts'

const dayMs = 86_400_000
/** A write-ahead log is written back at 2,000 pages, 8 MB; much more means that something keeps it from that. bytes */
const longLog = 64_000_000

export interface DatabaseFindings {
  findings: Finding[]
  /** By which the database grows in a day, roughly; null where that is not known. */
  bytesPerDay: number | null
}

/** The database: whether it can be used, where it stands, how it grows. */
export async function lookAtDatabase({ database, owner }: Scene): Promise<DatabaseFindings> {
  const { doctor } = words
  if (database === ':memory:') return { findings: [note('database.memory', doctor.inMemory)], bytesPerDay: null }
  if (!existsSync(database))
    return { findings: [note('database.none', doctor.noDatabase(database))], bytesPerDay: null }
  const { databaseState, growthOf, migrateDatabase } = await import('asyncv/sqlite')
  try {
    const { version, pending, bytes } = await databaseState(database)
    const running = owner === null ? doctor.notRunning : doctor.running(owner.pid, owner.url ?? '')
    // What is not written back yet stands in the log.
    const used = bytes.database + bytes.log
    const size = bytesOf(used)
    const findings: Finding[] = [ok('database', doctor.database(database, version, size, running))]
    if (pending.length > 0) {
      findings.push({
        ...warning('database.pending', doctor.pending(pending), doctor.pendingFix(owner !== null)),
        ...(owner === null
          ? {
              async repair() {
                const { to, applied } = await migrateDatabase(database)
                return words.db.migrated(database, String(version), String(to), applied.join(', '))
              },
            }
          : {}),
      })
    }
    if (bytes.log > longLog)
      findings.push(warning('database.log', doctor.longLog(bytesOf(bytes.log)), doctor.longLogFix))
    const growth = await growthOf(database, Date.now() - dayMs)
    const full = growth.filter(({ rows }) => rows > 0)
    if (full.length > 0) {
      const tables = full.map(({ table, rows, since }) => `${table} ${rows} (+${since})`).join(', ')
      findings.push(note('database.growth', doctor.growth(tables)))
    }
    const rows = growth.reduce((sum, one) => sum + one.rows, 0)
    const since = growth.reduce((sum, one) => sum + one.since, 0)
    return { findings, bytesPerDay: rows === 0 ? null : (used * since) / rows }
  } catch (failure) {
    const { code } = Object(failure) as { code?: string }
    const { text, hint } = said(failure)
    const name = code === 'storage_newer' ? 'database.newer' : 'database.unreadable'
    return { findings: [error(name, text, hint ?? doctor.unreadableFix)], bytesPerDay: null }
  }
}
