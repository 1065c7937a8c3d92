import type { Actor, AuditEntry, AuditHead } from 'asyncv'
import { type AuditDesk, openAuditDesk } from '../desks/audit.ts'
import { CommandError } from '../failure.ts'
import { listQuery } from '../calling/list-query.ts'
import { print, printJson, talk } from '../output.ts'
import { cleanLine } from '../terminal/clean.ts'
import { screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import { secondOf } from '../terminal/time.ts'
import type { Flags } from '../tree/command.ts'
import { findDatabase } from '../calling/service.ts'
import { words } from '../words/spoken.ts'

/** `asyncv audit list`: what those who manage the service did, newest first. */
export async function list(flags: Flags): Promise<void> {
  const { limit = '50', cursor } = listQuery(flags)
  const { action, actor } = flags
  const page = await atDesk((desk) =>
    desk.page({
      ...(action === undefined ? {} : { action: String(action) }),
      ...(actor === undefined ? {} : { actor: String(actor) }),
      ...(cursor === undefined ? {} : { cursor }),
      limit: Number(limit),
    }),
  )
  if (flags['json']) return printJson(page)
  if (page.data.length === 0) return talk(words.audit.none, flags)
  const { number, at, who, did, to } = words.audit
  print(
    tableOf<AuditEntry>(
      page.data,
      [
        { heading: number, cell: ({ n }) => String(n), right: true },
        { heading: at, cell: (entry) => secondOf(entry.at) },
        { heading: who, cell: ({ actor: { id, name } }) => named({ id, name }), flexible: true },
        { heading: did, cell: (entry) => cleanLine(entry.action) },
        { heading: to, cell: ({ target }) => cleanLine(target) },
      ],
      screen(),
    ),
  )
  if (page.nextCursor !== null) talk(words.lists.goOn(page.nextCursor), flags)
}

/** `asyncv audit verify`. Exit code 1 when the log is not what was written. */
export async function verify(flags: Flags): Promise<void> {
  const expected = headOf(flags['head'])
  const verdict = await atDesk((desk) => desk.verify(expected))
  const { entries, head, fault } = verdict
  if (fault !== null) process.exitCode = 1
  if (flags['json']) return printJson(verdict)
  if (fault !== null) return print(words.audit.broken(fault.kind, fault.detail, entries))
  print(words.audit.whole(entries, `${head.n}:${head.hash}`))
  if (expected === null && entries > 0) talk(words.audit.noteHead, flags)
}

async function atDesk<Answer>(ask: (desk: AuditDesk) => Promise<Answer>): Promise<Answer> {
  const desk = await openAuditDesk(await findDatabase(process.env))
  try {
    return await ask(desk)
  } finally {
    await desk.close()
  }
}

function headOf(given: string | boolean | undefined): AuditHead | null {
  if (given === undefined) return null
  const [, n, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(String(given)) ?? []
  if (n !== undefined && hash !== undefined) return { n: Number(n), hash }
  throw new CommandError(words.audit.head(JSON.stringify(given)), words.audit.headHint, 2)
}

/** Whoever changed the table may have written there what a terminal obeys. */
function named({ id, name }: Actor): string {
  return cleanLine(name === null ? id : `${id} (${name})`)
}
