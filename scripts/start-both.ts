import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { root } from './tool.ts'
import { startWebAppBuild } from './web-app.ts'

const command = ['-C', '@asyncv/source', '--import', import.meta.resolve('tsx'), join(root, 'cli/src/main.ts')]

export interface Both {
  /** Whether the web app has to be built before Studio starts; the runtime does not wait for it. */
  build: boolean
}

/**
 * Runs a runtime and a Studio, each as a process of its own, until both have ended. A signal ends both. The runtime serves on
 * when Studio ends; Studio ends with the runtime, and with this process. `args` are those of `asyncv start`. Resolves with the
 * runtime's exit code.
 */
export async function startBoth(args: readonly string[], { build }: Both): Promise<number> {
  const runtime = spawn(process.execPath, [...command, 'start', ...args], { stdio: 'inherit' })
  const ended = once(runtime, 'exit') as Promise<[number | null]>
  /** What is on its way to Studio, or Studio. */
  const beside: { child?: ChildProcess } = {}
  let over = false
  // Who sits in front of a terminal signals all of them at once; two signals that come together are one wish to a runtime.
  const pass = (signal: NodeJS.Signals): void => {
    over = true
    runtime.kill(signal)
    beside.child?.kill(signal)
  }
  process.on('SIGINT', pass).on('SIGTERM', pass)
  const studioEnded = withStudio()
  const [code] = await ended
  over = true
  beside.child?.kill('SIGTERM')
  await studioEnded
  process.off('SIGINT', pass).off('SIGTERM', pass)
  return code ?? 1

  async function withStudio(): Promise<void> {
    if (build) {
      process.stderr.write('Building the web app of Studio …\n')
      beside.child = startWebAppBuild()
      const [failed] = (await once(beside.child, 'exit')) as [number | null]
      if (failed !== 0 && !over) {
        process.stderr.write('The web app of Studio cannot be built; its API is there all the same.\n')
      }
    }
    if (over) return
    // By the channel it hears when this process is gone, however that went.
    beside.child = spawn(process.execPath, [...command, 'studio'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const [code] = (await once(beside.child, 'exit')) as [number | null]
    if (over) return
    process.stderr.write(
      `Studio has ended (${code ?? 'killed'}). The runtime serves on; start Studio again with: npm run asyncv -- studio\n`,
    )
  }
}
