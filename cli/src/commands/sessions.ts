import type { Session } from 'asyncv'
import { openClient, type PageOf } from '../calling/client.ts'
import { listQuery } from '../calling/list-query.ts'
import { print, printJson, talk } from '../output.ts'
import { cleanLine } from '../terminal/clean.ts'
import { screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import { momentFor } from '../terminal/time.ts'
import { drawTranscript, readTranscript } from '../views/transcript.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv sessions list`. */
export async function list(flags: Flags): Promise<void> {
  const query = listQuery(flags)
  const client = await openClient(flags)
  const page = await client.get<PageOf<Session>>('/v1/sessions', 'data', query)
  if (flags['json']) return printJson(page)
  if (page.data.length === 0) return talk(words.lists.noSessions, flags)
  const { headings, states } = words
  const on = screen()
  print(
    tableOf(
      page.data,
      [
        { heading: headings.id, cell: ({ id }) => id },
        { heading: headings.agent, cell: ({ agent }) => cleanLine(agent), flexible: true },
        { heading: headings.state, cell: ({ closedAt }) => (closedAt === null ? states.open : states.closed) },
        { heading: headings.last, cell: ({ lastAt }) => momentFor(lastAt, on) },
        { heading: headings.address, cell: ({ address }) => cleanLine(address), flexible: true },
      ],
      on,
    ),
  )
  if (page.nextCursor !== null) talk(words.lists.goOn(page.nextCursor), flags)
}

/** `asyncv sessions show ID`: the latest that was said, oldest first. */
export async function show(flags: Flags, id: string): Promise<void> {
  const query = listQuery(flags)
  const transcript = await readTranscript(await openClient(flags), id, query)
  if (flags['json']) return printJson(transcript)
  print(drawTranscript(transcript, screen()))
  if (transcript.nextCursor !== null) talk(words.lists.earlier(transcript.nextCursor), flags)
}
