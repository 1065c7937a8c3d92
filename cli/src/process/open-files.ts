import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'

/** Whether a process has a file open; null where the system does not tell, as outside Linux, or of another user's process. */
export function holds(pid: number, file: string): boolean | null {
  if (!existsSync('/proc/self/fd')) return null
  const folder = `/proc/${pid}/fd`
  try {
    const { dev, ino } = statSync(file)
    return readdirSync(folder).some((descriptor) => isFile(`${folder}/${descriptor}`, dev, ino))
  } catch (error) {
    // There is no such process, or one may not look.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? false : null
  }
}

function isFile(path: string, dev: number, ino: number): boolean {
  // It may be closed meanwhile.
  const open = statSync(path, { throwIfNoEntry: false })
  return open?.dev === dev && open.ino === ino
}

/** Whether a process is there and not only waits for its parent to notice that it has ended. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  try {
    // The state stands behind the name, which may have brackets and spaces of its own.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}
