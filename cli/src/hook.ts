/** The hook of crash tests: dies at a named point, so that a test can see what is left. Only with ASYNCV_TEST_HOOKS=1. */
export function crashHook(env: Readonly<Record<string, string | undefined>>): ((point: string) => void) | null {
  const { ASYNCV_TEST_HOOKS: enabled, ASYNCV_CRASHPOINT: crashpoint } = env
  if (crashpoint === undefined || crashpoint === '') return null
  if (enabled !== '1') {
    process.stderr.write('asyncv: ASYNCV_CRASHPOINT is ignored without ASYNCV_TEST_HOOKS=1\n')
    return null
  }
  const [name, nth = '1'] = crashpoint.split('@')
  let left = Number(nth)
  return (point) => {
    // Not exit(): nothing may be flushed, closed or said.
    if (point === name && --left === 0) process.kill(process.pid, 'SIGKILL')
  }
}
