import type { Actor, AuditEntry, AuditFilter, AuditHead } from 'asyncv'
import { type AuditDesk, openAuditDesk } from '../audit-desk.ts'
import { columns } from '../columns.ts'
import { CommandError } from '../failure.ts'
import { endWithReader } from '../output.ts'
import type { Flags } from '../program.ts'
import { findDatabase } from '../service.ts'

/**
 * `asyncv audit list`, `verify`: what those who manage the service did. Exit code 1 when the log is not what was written.
 */
export async function run(flags: Flags, action?: string): Promise<void> {
  endWithReader()
  const command = commandFor(flags, action)
  const desk = await openAuditDesk(await findDatabase(process.env))
  try {
    await command(desk)
  } finally {
    await desk.close()
  }
}

/** Everything is checked before anything is opened. */
function commandFor(flags: Flags, action: string | undefined): (desk: AuditDesk) => Promise<void> {
  const json = flags['json'] === true
  if (action === 'list') {
    only(flags, action, ['action', 'actor', 'limit'])
    const filter = filterOf(flags)
    const limit = limitOf(flags['limit'])
    return (desk) => list(desk, { filter, limit, json })
  }
  if (action === 'verify') {
    only(flags, action, ['head'])
    const head = headOf(flags['head'])
    return (desk) => verify(desk, head, json)
  }
  throw new CommandError(
    action === undefined ? 'What about the audit log?' : `"asyncv audit ${action}" is no command.`,
    'Give "list" or "verify".',
    2,
  )
}

/** What would be passed over must not look as if it counted. */
function only(flags: Flags, action: string, known: readonly string[]): void {
  const other = ['action', 'actor', 'limit', 'head'].find((name) => flags[name] !== undefined && !known.includes(name))
  if (other === undefined) return
  const way = `Give ${known.map((name) => `--${name}`).join(', ')} or --json.`
  throw new CommandError(`"asyncv audit ${action}" takes no --${other}.`, way, 2)
}

function filterOf({ action, actor }: Flags): AuditFilter {
  return {
    ...(action === undefined ? {} : { action: String(action) }),
    ...(actor === undefined ? {} : { actor: String(actor) }),
  }
}

/** Most entries in one page of the list. */
const pageLimit = 500

function limitOf(given: string | boolean | undefined): number {
  if (given === undefined) return 50
  if (/^[1-9]\d{0,5}$/.test(String(given))) return Number(given)
  throw new CommandError(`--limit is ${JSON.stringify(given)}.`, 'Give a whole number from 1 to 999999.', 2)
}

function headOf(given: string | boolean | undefined): AuditHead | null {
  if (given === undefined) return null
  const [, n, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(String(given)) ?? []
  if (n !== undefined && hash !== undefined) return { n: Number(n), hash }
  throw new CommandError(
    `--head is ${JSON.stringify(given)}.`,
    'Give it as "asyncv audit verify" printed it: a number, a colon, 64 hexadecimal digits.',
    2,
  )
}

async function list(
  desk: AuditDesk,
  { filter, limit, json }: { filter: AuditFilter; limit: number; json: boolean },
): Promise<void> {
  const entries: AuditEntry[] = []
  let cursor: string | null = null
  do {
    const asked = { ...filter, limit: Math.min(limit - entries.length, pageLimit) }
    const page = await desk.page(cursor === null ? asked : { ...asked, cursor })
    entries.push(...page.data)
    cursor = page.nextCursor
  } while (cursor !== null && entries.length < limit)
  if (json) print(JSON.stringify(entries, null, 2))
  else if (entries.length === 0) print('Nothing was written down.')
  else print(columns([['N', 'AT', 'WHO', 'DID', 'TO'], ...entries.map(rowOf)]))
  if (cursor !== null) process.stderr.write(`There are older ones; --limit ${limit * 10} shows more.\n`)
}

function rowOf({ n, at, actor, action, target }: AuditEntry): string[] {
  return [String(n), moment(at), named(actor), clean(action), clean(target)]
}

function named({ id, name }: Actor): string {
  return clean(name === null ? id : `${id} (${name})`)
}

/** Whoever changed the table may have written there what a terminal obeys. */
function clean(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd')
}

function moment(at: number): string {
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString().slice(0, 19).replace('T', ' ')
}

async function verify(desk: AuditDesk, expected: AuditHead | null, json: boolean): Promise<void> {
  const verdict = await desk.verify(expected)
  const { entries, head, fault } = verdict
  if (fault !== null) process.exitCode = 1
  if (json) return print(JSON.stringify(verdict, null, 2))
  if (fault !== null) return print(`The audit log is broken (${fault.kind}): ${fault.detail} Good are ${entries}.`)
  const shown = `The audit log is whole: ${entries} ${entries === 1 ? 'entry' : 'entries'}.\nHead: ${head.n}:${head.hash}`
  print(shown)
  if (expected !== null || entries === 0) return
  process.stderr.write('Note the head elsewhere: given as --head, it shows later whether anything was taken away.\n')
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
