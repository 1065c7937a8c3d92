/** Commands at a terminal, as a person has them. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Place } from './command.fixture.ts'

type Started = ReturnType<Place['command']>
/** What the terminal has to show, behind what was awaited before, and what is typed then. */
export type Step = [awaited: string, typed: string]

/** How the command is started at a pseudo-terminal of 80 columns and answered step by step; what the terminal shows is its output. */
export function atTerminal({ command, args, cwd, env }: Started, steps: readonly Step[]): Started {
  const driver = join(import.meta.dirname, 'dialogue.fixture.py')
  return { command: 'python3', args: [driver, JSON.stringify(steps), command, ...args], cwd, env }
}

/** The same to its end, while the test waits. */
export function runAtTerminal(started: Started, steps: readonly Step[] = []): { shown: string; status: number | null } {
  const { command, args, cwd, env } = atTerminal(started, steps)
  const { stdout, status } = spawnSync(command, args, { cwd, env, encoding: 'utf8' })
  return { shown: stdout, status }
}
