import { text as textOf } from 'node:stream/consumers'
import type { TrustedPublisher } from 'asyncv'
import { CommandError } from '../failure.ts'
import { endWithReader, print, printJson, talk } from '../output.ts'
import { awayName, ensurePublisher, hereName } from '../release/publisher.ts'
import { findDatabase } from '../calling/service.ts'
import { cleanLine } from '../terminal/clean.ts'
import { confirm } from '../terminal/confirm.ts'
import { screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import { momentFor } from '../terminal/time.ts'
import { padEnd, widthOf } from '../terminal/width.ts'
import type { Flags } from '../tree/command.ts'
import { openTrustDesk, type TrustDesk } from '../desks/trust.ts'
import { words } from '../words/spoken.ts'

/** `asyncv trust list`: whose releases the runtime of this host takes. */
export async function list(flags: Flags): Promise<void> {
  endWithReader()
  const trusted = await atDesk((desk) => desk.publishers())
  if (flags['json']) return printJson(trusted)
  if (trusted.length === 0) return talk(words.trust.none, flags)
  const on = screen()
  print(
    tableOf(
      trusted,
      [
        { heading: words.headings.name, cell: ({ name }) => cleanLine(name) },
        { heading: words.secrets.fingerprint, cell: ({ fingerprint }) => fingerprint },
        { heading: words.trust.since, cell: ({ addedAt }) => momentFor(addedAt, on) },
      ],
      on,
    ),
  )
}

/** `asyncv trust add NAME KEY`: the key as its owner tells it, or from a pipe. Only the file of this host is changed. */
export async function add(flags: Flags, name: string, given?: string): Promise<void> {
  endWithReader()
  const publicKey = (given === undefined || given === '-' ? await fromPipe(name) : given).trim()
  const outcome = await atDesk(async (desk): Promise<{ publisher: TrustedPublisher; was: boolean } | null> => {
    const known = desk.publishers().find((one) => one.name === name)
    if (known?.publicKey === publicKey) return { publisher: known, was: true }
    if (known !== undefined && !(await confirm(words.trust.askReplace(name, known.fingerprint), flags))) return null
    return { publisher: await desk.add(name, publicKey), was: false }
  })
  if (outcome === null) return declined(flags)
  const { publisher, was } = outcome
  if (flags['json']) return printJson(publisher)
  print(was ? words.trust.trustedAlready(name, publisher.fingerprint) : words.trust.added(name, publisher.fingerprint))
}

/** `asyncv trust remove NAME`. What it has published stays in force. */
export async function remove(flags: Flags, name: string): Promise<void> {
  endWithReader()
  const outcome = await atDesk(async (desk): Promise<TrustedPublisher | null> => {
    const known = desk.publishers().find((one) => one.name === name)
    if (known === undefined) {
      const names = desk.publishers().map((one) => one.name)
      throw new CommandError(words.trust.unknown(name), words.trust.unknownHint(names), 2)
    }
    if (!(await confirm(words.trust.askRemove(name, known.fingerprint), flags))) return null
    return desk.remove(name)
  })
  if (outcome === null) return declined(flags)
  if (flags['json']) return printJson(outcome)
  print(words.trust.removed(name))
}

/** `asyncv trust show`: who this host is, as others have to know it. */
export async function show(flags: Flags): Promise<void> {
  endWithReader()
  const database = await findDatabase(process.env)
  const { publicKey, fingerprint } = await ensurePublisher(database)
  const runtime = await atDesk((desk) => desk.runtimeId())
  const name = awayName(fingerprint)
  if (flags['json']) return printJson({ runtime, fingerprint, publicKey, names: { here: hereName, elsewhere: name } })
  const { trust } = words
  const rows: [string, string][] = [
    [trust.runtime, runtime ?? trust.noRuntime],
    [trust.fingerprint, fingerprint],
    [trust.publicKey, publicKey],
  ]
  const width = Math.max(...rows.map(([label]) => widthOf(label)))
  print(rows.map(([label, value]) => `${padEnd(label, width)}  ${value}`).join('\n'))
  print(`\n${trust.typeThere}\n  ${trust.addLine(name, publicKey)}`)
}

function declined(flags: Flags): void {
  talk(words.deliveries.keptIt, flags)
  process.exitCode = 1
}

async function fromPipe(name: string): Promise<string> {
  const key = process.stdin.isTTY ? '' : await textOf(process.stdin)
  if (key.trim() !== '') return key
  throw new CommandError(words.trust.noKey, words.trust.noKeyHint(name), 2)
}

async function atDesk<Answer>(ask: (desk: TrustDesk) => Answer | Promise<Answer>): Promise<Answer> {
  const desk = await openTrustDesk(await findDatabase(process.env))
  try {
    const answer = await ask(desk)
    if (!desk.told()) talk(words.trust.untold, { quiet: false })
    return answer
  } finally {
    await desk.close()
  }
}
