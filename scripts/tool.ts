import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

export interface ToolPlace {
  cwd: string
  /** Beside that of this process. */
  env?: NodeJS.ProcessEnv
}

/**
 * Starts a program of a package that is installed here, by this Node: npx takes longer to start than most of them take, and on
 * Windows what is in `.bin` is for shells. It says itself what is wrong.
 */
export function startTool(
  name: 'tsup' | 'typescript' | 'vite',
  args: readonly string[],
  { cwd, env }: ToolPlace,
): ChildProcess {
  const folder = join(root, 'node_modules', name)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin: Record<string, string> }
  const [program = ''] = Object.values(bin)
  return spawn(process.execPath, [join(folder, program), ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

/** Rejects when it ends with anything but 0. */
export async function succeeded(child: ChildProcess): Promise<void> {
  const [code, signal] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${child.spawnargs.slice(1).join(' ')} ended with ${code ?? signal}.`)
}
