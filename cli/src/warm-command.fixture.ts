/** The command in processes that have loaded it already (`warm-command.fixture.mjs`), for what is not about its process. */
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, read, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const program = join(import.meta.dirname, 'warm-command.fixture.mjs')
const command = join(import.meta.dirname, '../dist/main.js')
const readSome = promisify(read)

export interface Asked {
  args: readonly string[]
  cwd: string
  env: Record<string, string>
  input: string
}

export interface Ran {
  status: number | null
  stdout: string
  stderr: string
}

/** A process that runs one command at a time: the ends of two pipes to it. They end with this process, and it with them. */
interface Host {
  requests: number
  answers: number
}

const idle: Host[] = []

/** Holds this process until the command has ended. */
export function runWarm(asked: Asked): Ran {
  const host = take(asked)
  const line = new Line()
  while (!line.isWhole) line.add(readSync(host.answers, line.room))
  return given(host, line)
}

/** Lets this process go on meanwhile, which may be what the command talks to. */
export async function callWarm(asked: Asked): Promise<Ran> {
  const host = take(asked)
  const line = new Line()
  while (!line.isWhole) line.add((await readSome(host.answers, line.room, 0, line.room.length, null)).bytesRead)
  return given(host, line)
}

function take(asked: Asked): Host {
  const host = idle.pop() ?? createHost()
  writeSync(host.requests, `${JSON.stringify(asked)}\n`)
  return host
}

function given(host: Host, line: Line): Ran {
  const { ends, ...ran } = JSON.parse(line.text) as Ran & { ends: boolean }
  if (ends) for (const end of Object.values(host)) closeSync(end)
  else idle.push(host)
  return ran
}

class Line {
  readonly room = Buffer.alloc(65_536)
  readonly #chunks: Buffer[] = []

  add(bytes: number): void {
    if (bytes === 0) throw new Error(`${program} has ended without an answer.`)
    this.#chunks.push(Buffer.from(this.room.subarray(0, bytes)))
  }

  get isWhole(): boolean {
    return this.#chunks.at(-1)?.at(-1) === 0x0a
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString()
  }
}

/** Named pipes, since only of these one end can be waited for without the event loop. */
function createHost(): Host {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-warm-'))
  const requests = join(folder, 'requests')
  const answers = join(folder, 'answers')
  const { status, stderr } = spawnSync('mkfifo', [requests, answers], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`mkfifo ended with ${status}: ${stderr}`)
  // Whoever opens one end waits for the other, but not so.
  const { O_RDONLY, O_NONBLOCK } = constants
  const held = [requests, answers].map((pipe) => openSync(pipe, O_RDONLY | O_NONBLOCK))
  const made = { requests: openSync(requests, 'w'), answers: -1 }
  const theirs = [openSync(requests, 'r'), openSync(answers, 'w')]
  made.answers = openSync(answers, 'r')
  const child = spawn(process.execPath, [program, command], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'ignore', 'inherit', ...theirs],
  })
  child.unref()
  for (const end of [...held, ...theirs]) closeSync(end)
  rmSync(folder, { recursive: true })
  return made
}
