import { LogBook } from '@asyncv/server'
import { logFileOf } from './log-file.ts'
import { createLogger, type LevelledLogger } from './logger.ts'

/** The log of a service: where lines go, and the last of them. */
export interface ServiceLog {
  logger: LevelledLogger
  book: LogBook
}

/** Log lines on stderr, of which the last are remembered. */
export async function createServiceLog(level: string, database: string): Promise<ServiceLog> {
  const file = logFileOf(database)
  const book = new LogBook(file === null ? {} : { file })
  return { logger: await createLogger(level, (line) => book.write(line)), book }
}
