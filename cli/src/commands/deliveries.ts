import type { Delivery } from 'asyncv'
import { openClient, type PageOf } from '../calling/client.ts'
import { listQuery } from '../calling/list-query.ts'
import { print, printJson, talk } from '../output.ts'
import { paintState } from '../views/paint-state.ts'
import { cleanLine } from '../terminal/clean.ts'
import { confirm } from '../terminal/confirm.ts'
import { type Screen, screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import { momentFor } from '../terminal/time.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv deliveries list`. */
export async function list(flags: Flags): Promise<void> {
  const { state, task } = flags as Record<string, string | undefined>
  const query = { ...listQuery(flags), state, task }
  const client = await openClient(flags)
  const page = await client.get<PageOf<Delivery>>('/v1/deliveries', 'data', query)
  if (flags['json']) return printJson(page)
  if (page.data.length === 0) return talk(words.lists.noDeliveries, flags)
  print(deliveriesTable(page.data, screen()))
  if (page.nextCursor !== null) talk(words.lists.goOn(page.nextCursor), flags)
}

function deliveriesTable(deliveries: readonly Delivery[], on: Screen): string {
  const { headings, states } = words
  return tableOf(
    deliveries,
    [
      { heading: headings.id, cell: ({ id }) => id },
      {
        heading: headings.state,
        cell: ({ state }) => states[state],
        paint: (text, { state }) => paintState(text, state, on),
      },
      { heading: headings.began, cell: ({ createdAt }) => momentFor(createdAt, on) },
      { heading: headings.tries, cell: ({ attempt }) => String(attempt), right: true },
      { heading: headings.destination, cell: ({ destination }) => cleanLine(destination), flexible: true },
      // Where it is narrow, what there is room for ends here.
      ...(on.columns !== null && on.columns < 100
        ? []
        : [{ heading: headings.text, cell: about, flexible: true as const }]),
    ],
    on,
  )
}

/** Why it is stuck, or else what it says. */
function about({ error, state, body }: Delivery): string {
  if (error !== null && state !== 'sent') return `${error.code}: ${cleanLine(error.message)}`
  return cleanLine(body.map(({ text }) => text).join(' '))
}

/** `asyncv deliveries retry ID`. */
export async function retry(flags: Flags, id: string): Promise<void> {
  const client = await openClient(flags)
  const { answer } = await client.post<Delivery>(`${pathOf(id)}/retry`, 'id')
  if (flags['json']) printJson(answer)
  talk(words.deliveries.retried(answer.id), flags)
}

/** `asyncv deliveries discard ID`: asks, since it is final. */
export async function discard(flags: Flags, id: string): Promise<void> {
  if (!(await confirm(words.deliveries.askDiscard(id), flags))) {
    talk(words.deliveries.keptIt, flags)
    process.exitCode = 1
    return
  }
  const client = await openClient(flags)
  const { answer } = await client.post<Delivery>(`${pathOf(id)}/discard`, 'id')
  if (flags['json']) printJson(answer)
  talk(words.deliveries.discarded(answer.id), flags)
}

function pathOf(id: string): string {
  return `/v1/deliveries/${encodeURIComponent(id)}`
}
