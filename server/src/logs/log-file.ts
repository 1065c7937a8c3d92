import { open } from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'
import { type LogFilter, type LogLine, matches, parseLine, roughly } from './log-line.ts'

/** How much of a file is read, from its end: what is older is for tools that know large files. Bytes. */
const mostBytes = 16 * 1_048_576

/** Lines that are looked at in one go: messages are answered meanwhile. */
const atOnce = 2_000

/**
 * The last `limit` lines of a log file that fit and are older than `before`, oldest first; where it has too few, as one that
 * was begun anew when it was full, also those of the one before it, `<file>.1`. What is no line of a log is passed over, and
 * a file that is not there has none.
 */
export async function readLogFile(
  file: string,
  filter: LogFilter,
  { before, limit }: { before: number; limit: number },
): Promise<LogLine[]> {
  const found: LogLine[] = []
  const mayMatch = roughly(filter)
  for (const one of [file, `${file}.1`]) {
    if (found.length >= limit) break
    const texts = (await endOf(one)).split('\n')
    for (let at = texts.length - 1; at >= 0 && found.length < limit; at--) {
      if (at % atOnce === 0) await turn()
      const written = texts[at] ?? ''
      if (!mayMatch(written)) continue
      const line = parseLine(written, null)
      if (line !== null && line.at < before && matches(line, filter)) found.push(line)
    }
  }
  return found.reverse()
}

async function endOf(file: string): Promise<string> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (handle === null) return ''
  try {
    const { size } = await handle.stat()
    const start = Math.max(0, size - mostBytes)
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(size - start), position: start })
    const text = buffer.toString('utf8', 0, bytesRead)
    // The first line may be half of one.
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1)
  } finally {
    await handle.close()
  }
}
