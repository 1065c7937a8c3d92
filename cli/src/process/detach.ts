import { readOwner } from '@asyncv/migrations'
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, fchmodSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { cannotWrite } from '../cannot-write.ts'
import { CommandError } from '../failure.ts'
import { logFileOf } from './log-file.ts'
import { talk } from '../output.ts'
import { parentVariable } from './parent.ts'
import { placeOf } from './running.ts'
import { asArguments, keptFlags } from './service-record.ts'
import type { Flags } from '../tree/command.ts'
import { type Welcome, welcome } from './welcome.ts'
import { words } from '../words/spoken.ts'

/** Long enough for a database to be migrated; a platform that does not answer is waited for by the service itself. ms. */
const readyWithinMs = 60_000

/** `asyncv start --detach`: starts the service in the background and waits until it is ready, or says why it is not. */
export async function detach(flags: Flags): Promise<void> {
  const database = await placeOf(flags)
  const owner = await readOwner(database).catch(() => null)
  if (owner !== null) {
    throw new CommandError(words.start.runsAlready(owner.pid, owner.url ?? database), words.start.runsAlreadyHint, 2)
  }
  await background({ database, flags: keptFlags(flags), cwd: process.cwd(), quiet: flags })
}

export interface Background {
  database: string
  flags: Readonly<Record<string, string>>
  cwd: string
  /** Whether to talk. */
  quiet: Flags
}

/** Resolves when the service is ready, and prints where. Throws what kept it from starting, with its exit code. */
export async function background({ database, flags, cwd, quiet }: Background): Promise<void> {
  const log = logFileOf(database)
  if (log === null) throw new CommandError(words.detach.inMemory, words.detach.inMemoryHint, 2)
  const descriptor = openLog(log)
  const begun = fstatSync(descriptor).size
  const program = [...process.execArgv, process.argv[1] ?? '', 'start', ...asArguments(flags)]
  const child = spawn(process.execPath, program, {
    cwd,
    // A session of its own: neither the end of this terminal nor its Ctrl-C reaches it.
    detached: true,
    stdio: ['ignore', descriptor, descriptor, 'ipc'],
    env: { ...process.env, [parentVariable]: 'detach', ASYNCV_LOG_FILE: log },
  })
  closeSync(descriptor)
  talk(words.detach.starting, quiet)
  const outcome = await outcomeOf(child)
  if (child.connected) child.disconnect()
  child.unref()
  const { pid = 0 } = child
  switch (outcome.type) {
    case 'ready':
      process.stdout.write(welcome(outcome.facts, { pid, log }))
      return
    case 'ended':
      throw new CommandError(
        words.detach.failed(said(log, begun)),
        words.detach.seeLog(log),
        outcome.code === 2 ? 2 : 1,
      )
    case 'late':
      throw new CommandError(words.detach.late(pid, readyWithinMs / 1_000), words.detach.lateHint(log), 1)
    case 'cancelled':
      throw new CommandError(words.detach.cancelled, '', 130)
  }
}

type Outcome =
  | { type: 'ready'; facts: Welcome }
  | { type: 'ended'; code: number | null }
  | { type: 'late' }
  | { type: 'cancelled' }

function outcomeOf(child: ChildProcess): Promise<Outcome> {
  return new Promise((resolve) => {
    const late = setTimeout(() => leave({ type: 'late' }), readyWithinMs)
    const cancel = (): void => {
      child.kill('SIGTERM')
      leave({ type: 'cancelled' })
    }
    const leave = (outcome: Outcome): void => {
      clearTimeout(late)
      process.off('SIGINT', cancel).off('SIGTERM', cancel)
      resolve(outcome)
    }
    process.on('SIGINT', cancel).on('SIGTERM', cancel)
    child.once('message', (message) => leave({ type: 'ready', facts: (message as { ready: Welcome }).ready }))
    child.once('exit', (code) => leave({ type: 'ended', code }))
    child.once('error', () => leave({ type: 'ended', code: 1 }))
  })
}

function openLog(log: string): number {
  try {
    mkdirSync(dirname(log), { recursive: true, mode: 0o700 })
    const descriptor = openSync(log, 'a', 0o600)
    // It may be there already, with another mode.
    fchmodSync(descriptor, 0o600)
    return descriptor
  } catch (error) {
    throw cannotWrite(log, error, words.files.cannotWriteHint)
  }
}

/** What the service has said last: its own words on why it ends, or the last lines where there are none. */
function said(log: string, begun: number): string {
  const lines = readFileSync(log).subarray(begun).toString('utf8').trimEnd().split('\n')
  const first = lines.findIndex((line) => line.startsWith('asyncv: '))
  const shown = first === -1 ? lines.slice(-10) : lines.slice(first)
  return shown.join('\n').replace(/^asyncv: /, '')
}
