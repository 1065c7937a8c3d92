import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { readOwner } from '@asyncv/migrations'
import type { LogLine } from '@asyncv/server'
import { CommandError } from '../failure.ts'
import { logFileOf } from '../process/log-file.ts'
import { logQuery } from '../calling/log-query.ts'
import { linePrinter } from '../views/log-printer.ts'
import { managementOf, type Management } from '../calling/management.ts'
import { talk } from '../output.ts'
import { findDatabase, noService } from '../calling/service.ts'
import { readEvents } from '../calling/sse.ts'
import { stillStarting } from '../calling/starting.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** How often a service that has gone is looked for. ms. */
const lookEveryMs = 500

/** `asyncv logs`: the last lines of the service's log, and with `--follow` those that come, also after a restart. */
export async function run(flags: Flags): Promise<void> {
  const query = logQuery(flags)
  const database = await findDatabase(process.env)
  const print = await linePrinter(flags)
  if (flags['follow'] === true) return follow(database, query, print, flags)
  const service = await serviceOf(database)
  const lines = service === null ? await fromFile(database, query) : await fromService(service, query)
  for (const line of lines) print(line)
  if (lines.length === 0) talk(words.logs.none, flags)
}

/** One that is held up on its way has a log as well, and nothing that could be asked for it. */
async function serviceOf(database: string): Promise<Management | null> {
  const owner = await readOwner(database).catch(() => null)
  if (owner === null || stillStarting(owner, database) !== null) return null
  return managementOf(owner, database, 'LogBook')
}

/** Why there is nothing to be read. */
async function nothingHere(database: string): Promise<CommandError> {
  const owner = await readOwner(database).catch(() => null)
  return (owner === null ? null : stillStarting(owner, database)) ?? noService(null)
}

async function fromService({ ask }: Management, query: URLSearchParams): Promise<LogLine[]> {
  return (await ask<{ data: LogLine[] }>('GET', `/logs?${query}`)).data
}

/** What a service left that ran without a terminal: one that does not start any more tells there why. */
async function fromFile(database: string, query: URLSearchParams): Promise<LogLine[]> {
  const file = logFileOf(database)
  if (file === null || !existsSync(file)) throw await nothingHere(database)
  const { filterOf, readLogFile } = await import('@asyncv/server')
  const { limit, ...given } = Object.fromEntries(query)
  const all = { before: Number.POSITIVE_INFINITY, limit: Number(limit) }
  return readLogFile(file, filterOf(given), all).catch((error: Error) => {
    throw new CommandError(words.files.cannotRead(file, error.message), words.logs.unreadableHint, 1)
  })
}

async function follow(
  database: string,
  query: URLSearchParams,
  print: (line: LogLine) => void,
  flags: Flags,
): Promise<void> {
  let last: string | null = null
  // The first time it has to be there: who mistyped a folder would wait for ever.
  const service = await serviceOf(database)
  if (service === null) throw await nothingHere(database)
  let stream: ReadableStream<Uint8Array> | null = await service.follow(`/logs?${query}`)
  for (;;) {
    if (stream !== null) {
      try {
        for await (const { event, data } of readEvents(stream)) {
          if (event === 'log.gap') talk(words.logs.missed((JSON.parse(data) as { missed: number }).missed), flags)
          if (event !== 'log.line') continue
          const line = JSON.parse(data) as LogLine
          last = line.id
          print(line)
        }
      } catch {
        // Cut: the same as ended.
      }
      talk(words.logs.gone, flags)
    }
    await sleep(lookEveryMs)
    stream = await streamAgain(database, query, last)
  }
}

/** The log from behind the last line that was seen; null while nothing answers. */
async function streamAgain(
  database: string,
  query: URLSearchParams,
  last: string | null,
): Promise<ReadableStream<Uint8Array> | null> {
  try {
    const service = await serviceOf(database)
    if (service === null) return null
    return await service.follow(`/logs?${query}`, last === null ? {} : { 'Last-Event-ID': last })
  } catch (error) {
    // Starting, stopping, or full: it passes.
    if (error instanceof CommandError && error.exitCode === 1) return null
    throw error
  }
}
