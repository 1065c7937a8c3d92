import type { Environment } from '../settings/environment.ts'
import { CommandError } from '../failure.ts'

/**
 * The hook of crash tests: dies at a named point, so that a test can see what is left. Only with ASYNCV_TEST_HOOKS=1. `a` is the
 * point, `a@3` the third time that it is reached, `b>a` the first time after `b`.
 */
export async function crashHook(env: Environment): Promise<((point: string) => void) | null> {
  const { ASYNCV_TEST_HOOKS: enabled, ASYNCV_CRASHPOINT: crashpoint } = env
  if (crashpoint === undefined || crashpoint === '') return null
  if (enabled !== '1') {
    process.stderr.write('asyncv: ASYNCV_CRASHPOINT is ignored without ASYNCV_TEST_HOOKS=1\n')
    return null
  }
  const way = crashpoint.split('>').map((step) => {
    const [name = '', nth = '1'] = step.split('@')
    return { name, nth, left: Number(nth) }
  })
  for (const { name, nth } of way) await checkPoint(name, nth)
  return (point) => {
    const [next] = way
    if (point !== next?.name || --next.left > 0) return
    way.shift()
    // Not exit(): nothing may be flushed, closed or said.
    if (way.length === 0) process.kill(process.pid, 'SIGKILL')
  }
}

/** A point that is never reached would look like one that was survived. */
async function checkPoint(name: string, nth: string): Promise<void> {
  const { crashPoints } = await import('asyncv/testing')
  if (!crashPoints.includes(name)) {
    throw new CommandError(`ASYNCV_CRASHPOINT: there is no point "${name}".`, 'See "asyncv debug crashpoints".', 2)
  }
  if (!/^[1-9]\d*$/.test(nth)) {
    throw new CommandError(`ASYNCV_CRASHPOINT: "@${nth}" is no count.`, 'Write name@n with n from 1 up.', 2)
  }
}
