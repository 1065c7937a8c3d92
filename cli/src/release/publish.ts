/** From a document to a release in force: looked at, shown, asked about, signed, applied. Interrupted anywhere, it can be repeated. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ReleaseState, WholeRelease } from 'asyncv'
import type { ReleaseDocument } from 'asyncv/schemas'
import { CommandError, failWith } from '../failure.ts'
import { Refused, Unanswered } from '../calling/management.ts'
import { sayWhileWaiting } from '../calling/while-waiting.ts'
import { print, printJson, talk } from '../output.ts'
import { cleanLine } from '../terminal/clean.ts'
import { confirm } from '../terminal/confirm.ts'
import { drawConnectors, drawDifference } from '../terminal/difference.ts'
import { type Screen, screen } from '../terminal/screen.ts'
import { momentFor } from '../terminal/time.ts'
import { wrap } from '../terminal/wrap.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'
import { openReleaseDesk, type ReleaseDesk } from './desk.ts'
import { differenceOf, type ItemChange } from './difference.ts'
import type { ReleaseFile } from './file.ts'
import { describeProblems } from './place.ts'
import { KnownRuntimes } from './known-runtimes.ts'
import { awayName, ensurePublisher, hereName, type Publisher, Sequences } from './publisher.ts'

export interface Wanted extends Omit<ReleaseFile, 'problems'> {
  /** What is asked before it is published. */
  question: string
}

/** Exit code 0: published, or nothing to do; 1: refused, or `--diff` shows a difference. */
export async function publish(desk: ReleaseDesk, wanted: Wanted, flags: Flags): Promise<void> {
  // Loaded when they are needed: they are the whole library.
  const { hashOf, filePublisher } = await import('asyncv')
  const state = await desk.state()
  const { current } = state
  const known = new KnownRuntimes(desk.database)
  const newAt = desk.url === null || known.check(desk.url, state.runtime) ? null : desk.url
  const hash = hashOf(wanted.document)
  // One that cannot be applied any more may be by now.
  if (current?.hash === hash && state.problems === null) return finish(current, [], false, flags)
  const { problems, connectors } = await desk.check(wanted.document)
  if (problems.length > 0) {
    const lines = describeProblems(wanted, problems)
    throw new CommandError([words.deploy.refused, ...lines].join('\n  '), words.deploy.refusedHint, 1)
  }
  const changes = differenceOf(current?.document ?? null, wanted.document as unknown as ReleaseDocument)
  if (flags['check'] === true) {
    if (flags['json']) return printJson({ revision: current?.revision ?? null, accepted: true, changes, connectors })
    return print(words.deploy.fine)
  }
  const publisher = await ensurePublisher(desk.database)
  const name = desk.url === null ? hereName : awayName(publisher.fingerprint)
  if (newAt !== null) talk(words.deploy.firstTime(newAt, state.runtime), flags)
  show({ ...state, isFile: current?.publisher === filePublisher }, name, changes, connectors, flags)
  if (flags['diff'] === true) {
    if (flags['json']) printJson({ revision: current?.revision ?? null, changes, connectors })
    process.exitCode = 1
    return
  }
  const signed = numbered(desk, name, state, flags)
  if (!(await confirm(wanted.question, flags))) return declined(flags)
  if (signed.force && !(await confirm(words.deploy.askForceAgain, flags))) return declined(flags)
  // Before anything is signed for it.
  if (newAt !== null) known.note(newAt, state.runtime)
  const signing = { ...signed, publisher, hash, state, document: wanted.document }
  finish(await sayWhileWaiting(apply(desk, signing, flags), desk.management, flags), changes, true, flags)
}

/** What is in force; `isFile` when nobody has deployed yet. */
type Found = ReleaseState & { isFile: boolean }

/** What is to be decided about: on stdout, or beside the JSON. */
function show(
  state: Found,
  name: string,
  changes: readonly ItemChange[],
  connectors: Parameters<typeof drawConnectors>[0],
  flags: Flags,
): void {
  const asJson = flags['json'] === true
  const on = screen(asJson ? process.stderr : process.stdout)
  const drawn = drawConnectors(connectors)
  const text = [
    ...inForce(state, name, on).flatMap((line) => wrap(line, on.columns)),
    '',
    changes.length === 0 ? words.deploy.onlyOrder : drawDifference(changes, on),
    '',
    ...(drawn === '' ? [] : [words.deploy.connectors, drawn]),
    words.deploy.running,
    '',
  ].join('\n')
  if (!asJson) return print(text)
  if (flags['yes'] !== true) process.stderr.write(`${text}\n`)
}

function inForce({ current, problems, isFile }: Found, name: string, on: Screen): string[] {
  if (current === null) return [words.deploy.noneInForce]
  const { revision, publisher, appliedAt } = current
  if (problems !== null) {
    const places = problems.map(({ pointer, detail }) => `  ${cleanLine(`${pointer}: ${detail}`)}`)
    return [words.deploy.broken(revision), ...places]
  }
  const first = words.deploy.inForce(revision, cleanLine(publisher), momentFor(appliedAt, on))
  if (isFile) return [first, words.deploy.fileNoMore]
  return publisher === name ? [first] : [first, words.deploy.takesOver(cleanLine(publisher))]
}

interface Numbered {
  name: string
  sequence: number
  force: boolean
}

/** The next number of this publisher there. One that was rewound would be refused: that is said before anything is asked. */
function numbered(desk: ReleaseDesk, name: string, state: ReleaseState, flags: Flags): Numbered {
  const sequence = new Sequences(desk.database).last(name, state.runtime) + 1
  const last = state.sequences.find(({ publisher }) => publisher === name)?.last ?? 0
  const isRewound = sequence <= last
  if (flags['force'] !== true) {
    if (!isRewound) return { name, sequence, force: false }
    throw new CommandError(words.deploy.rewound(name, sequence, last), words.deploy.rewoundHint, 1)
  }
  if (!isRewound) talk(words.deploy.nothingToForce, flags)
  else talk(`${words.deploy.rewound(name, sequence, last)}\n${words.deploy.forces(last)}`, { ...flags, quiet: false })
  return { name, sequence, force: isRewound }
}

interface Signing extends Numbered {
  publisher: Publisher
  hash: string
  state: ReleaseState
  document: object
}

async function apply(desk: ReleaseDesk, signing: Signing, flags: Flags): Promise<WholeRelease> {
  const { name, sequence, force, publisher, hash, state, document } = signing
  const { signEnvelope } = await import('asyncv')
  const sequences = new Sequences(desk.database)
  // Before it is used: an interrupted deploy wastes a number and never uses one twice.
  sequences.note(name, state.runtime, sequence)
  const current = state.current?.hash ?? null
  const envelope = signEnvelope(
    { hash, parentHash: current, audience: state.runtime, publisher: name, sequence, createdAt: Date.now() },
    publisher.privateKey,
  )
  process.once('SIGINT', leave).once('SIGTERM', leave)
  try {
    const applied = await desk.apply(envelope, document, { current, force })
    // From here on it counts on from where the runtime is.
    const last = state.sequences.find((one) => one.publisher === name)?.last ?? 0
    if (force) sequences.note(name, state.runtime, Math.max(sequence, last))
    return applied
  } catch (error) {
    if (error instanceof Unanswered) return settled(hash, error, flags)
    throw error instanceof Refused ? explained(error, name, publisher) : error
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave)
  }
}

/** Whoever leaves while the service applies takes nothing back. */
function leave(): never {
  failWith(new CommandError(words.deploy.interrupted, words.deploy.interruptedHint, 130))
  process.exit()
}

/** How often, and how long apart, a service that went away is looked for again. ms. */
const looks = 10
const pauseMs = 500

/** Nobody answered: whether it was applied, the runtime itself knows. Started anew it may listen elsewhere. */
async function settled(hash: string, lost: Unanswered, flags: Flags): Promise<WholeRelease> {
  for (let look = 0; look < looks; look++) {
    await sleep(pauseMs)
    const current = await inForceNow(flags)
    if (current?.hash === hash) return current
  }
  throw new CommandError(`${words.deploy.unknown} ${lost.message}`, words.deploy.unknownHint, 1)
}

/** Null also where nobody answers. */
async function inForceNow(flags: Flags): Promise<WholeRelease | null> {
  try {
    return (await (await openReleaseDesk(flags)).state()).current
  } catch (error) {
    if (error instanceof CommandError) return null
    throw error
  }
}

function explained(error: Refused, name: string, { publicKey }: Publisher): CommandError {
  if (error.code === 'release_untrusted') {
    const line = words.trust.addLine(name, publicKey)
    return new CommandError(`${words.deploy.untrusted(name)} ${error.message}`, words.deploy.untrustedHint(line), 1)
  }
  if (error.code === 'release_changed') return new CommandError(words.deploy.overtaken, words.deploy.overtakenHint, 1)
  const places = error.problems.map(({ pointer, detail }) => `${pointer}: ${detail}`)
  return new CommandError([error.message, ...places].join('\n  '), error.hint, 1)
}

function declined(flags: Flags): void {
  talk(words.deploy.declined, flags)
  process.exitCode = 1
}

function finish(
  { revision, hash }: WholeRelease,
  changes: readonly ItemChange[],
  published: boolean,
  flags: Flags,
): void {
  if (flags['json']) return printJson({ revision, hash, published, changes })
  print(published ? words.deploy.applied(revision) : words.deploy.nothingToDo(revision))
}
