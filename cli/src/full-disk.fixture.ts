import { spawnSync } from 'node:child_process'
import type { Place, Ran } from './command.fixture.ts'

/** The command where no file can become longer than `blocks` of 512 bytes, as where a disk is full: the system refuses to write on. */
export function withoutRoom(
  place: Place,
  words: string[],
  { blocks = 0, input = '', env: more = {} }: { blocks?: number; input?: string; env?: Record<string, string> } = {},
): Ran {
  const { command, args, cwd, env } = place.command(words, more)
  const script = `ulimit -f ${blocks}; exec "$@"`
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script, 'sh', command, ...args], {
    cwd,
    env,
    input,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}
