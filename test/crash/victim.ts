import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface VictimOptions {
  command: string
  config: string
  env: Record<string, string>
  /** As ASYNCV_CRASHPOINT takes it; null to live. */
  crashpoint: string | null
}

/** A real `asyncv start`, which may be told where to die. */
export class Victim {
  readonly url: string
  readonly #process: ChildProcess
  readonly #ended: Promise<unknown>
  readonly log: () => string

  private constructor(child: ChildProcess, url: string, ended: Promise<unknown>, log: () => string) {
    this.#process = child
    this.url = url
    this.#ended = ended
    this.log = log
  }

  /** Resolves once it listens, or with null when it died before. */
  static async start({ command, config, env, crashpoint }: VictimOptions): Promise<Victim | null> {
    const child = spawn(
      process.execPath,
      [command, 'start', '--config', config, '--port', '0', '--log-level', 'warn'],
      {
        env: {
          PATH: process.env['PATH'] ?? '',
          ...env,
          ASYNCV_TEST_HOOKS: '1',
          ...(crashpoint === null ? {} : { ASYNCV_CRASHPOINT: crashpoint }),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    const ended = once(child, 'exit')
    let output = ''
    let errors = ''
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString()
    })
    const url = await new Promise<string | null>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        const found = /running at (http:\/\/\S+)/.exec(output)
        if (found?.[1] !== undefined) resolve(found[1])
      })
      void ended.then(() => resolve(null))
    })
    if (url !== null) return new Victim(child, url, ended, () => errors)
    if (child.signalCode === 'SIGKILL') return null
    throw new Error(`asyncv start ended by itself (${child.exitCode}):\n${errors}`)
  }

  get dead(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#ended
  }

  /** Stops as an operator would. */
  async stop(): Promise<number | null> {
    this.#process.kill('SIGTERM')
    await this.#ended
    return this.#process.exitCode
  }
}
