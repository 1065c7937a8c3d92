/** The real command as a process of its own, as it is published (`test/built-command.ts`), in a folder of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { callWarm, type Ran, runWarm } from './warm-command.fixture.ts'

const root = join(import.meta.dirname, '../..')
const node = [join(root, 'cli/dist/main.js')]

export type { Ran }

export interface Running {
  child: ChildProcess
  url: string
  stdout(): string
  stderr(): string
}

export interface RunOptions {
  env?: Record<string, string>
  input?: string
}

export interface Place {
  folder: string
  /** Writes a file into the folder and returns its path. */
  write(name: string, content: string | object): string
  /** Runs a command to its end, in a process that has run others; this one stands still meanwhile. */
  run(args: string[], options?: RunOptions): Ran
  /** The same while this process goes on, for commands that talk to it. */
  call(args: string[], options?: RunOptions): Promise<Ran>
  /** In a process of its own, for what is about the process. */
  runAlone(args: string[], options?: RunOptions): Ran
  /** How somebody else starts the command in this folder. */
  command(
    args: string[],
    env: Record<string, string>,
  ): { command: string; args: string[]; cwd: string; env: Record<string, string> }
  /** Starts without waiting for the end. */
  spawn(args: string[], options?: RunOptions): ChildProcess
  /** `asyncv start` on a free port; resolves when it says where it runs. */
  start(args?: string[], options?: RunOptions): Promise<Running>
  /** Kills what still runs, and removes the folder. */
  remove(): void
}

export function commandPlace(): Place {
  // Inside the repository, so that a configuration file can import the packages; where nobody looks.
  mkdirSync(join(root, 'node_modules/.asyncv-test'), { recursive: true })
  const folder = mkdtempSync(join(root, 'node_modules/.asyncv-test/cli-'))
  const children: ChildProcess[] = []
  const environment = (more: Record<string, string> = {}): Record<string, string> => ({
    PATH: process.env['PATH'] ?? '',
    ...more,
  })

  const place: Place = {
    folder,
    write(name, content) {
      writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
      return join(folder, name)
    },
    run: (args, { env, input = '' } = {}) => runWarm({ args, cwd: folder, env: environment(env), input }),
    call: (args, { env, input = '' } = {}) => callWarm({ args, cwd: folder, env: environment(env), input }),
    runAlone(args, { env, input = '' } = {}) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [...node, ...args], {
        cwd: folder,
        encoding: 'utf8',
        env: environment(env),
        input,
      })
      return { status, stdout, stderr }
    },
    command: (args, env) => ({
      command: process.execPath,
      args: [...node, ...args],
      cwd: folder,
      env: environment(env),
    }),
    spawn(args, { env } = {}) {
      const child = spawn(process.execPath, [...node, ...args], { cwd: folder, env: environment(env) })
      children.push(child)
      return child
    },
    async start(args = [], options = {}) {
      const child = place.spawn(['start', '--port', '0', ...args], options)
      let stdout = ''
      let stderr = ''
      child.stderr?.on('data', (chunk: Buffer) => {
        stderr += chunk.toString()
      })
      const url = await new Promise<string>((resolve, reject) => {
        child.stdout?.on('data', (chunk: Buffer) => {
          stdout += chunk.toString()
          const [, found] = /running at (http:\S+)/.exec(stdout) ?? []
          if (found !== undefined) resolve(found)
        })
        child.once('exit', (code) => reject(new Error(`ended with ${code}: ${stderr}`)))
      })
      return { child, url, stdout: () => stdout, stderr: () => stderr }
    },
    remove() {
      for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      // A killed process may still be writing for a moment: a folder that has just got a new file is tried again.
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    },
  }
  return place
}
