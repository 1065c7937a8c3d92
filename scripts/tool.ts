import { spawn, type SpawnOptions } from 'node:child_process'
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
 * Runs a program of a package that is installed here, by this Node: npx takes longer to start than most of them take, and on
 * Windows what is in `.bin` is for shells. It says itself what is wrong; rejects when it ends with anything but 0.
 */
export async function runTool(
  name: 'tsup' | 'typescript' | 'vite',
  args: readonly string[],
  { cwd, env }: ToolPlace,
): Promise<void> {
  const folder = join(root, 'node_modules', name)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin: Record<string, string> }
  const [program = ''] = Object.values(bin)
  const options: SpawnOptions = { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] }
  const [code, signal] = await once(spawn(process.execPath, [join(folder, program), ...args], options), 'exit')
  if (code !== 0) throw new Error(`${name} ended with ${code ?? signal} in ${cwd}.`)
}
