import { copyFileSync, existsSync, fstatSync, ftruncateSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'

/** Largest size of the log and of each one before it. Bytes. */
const usualBytes = 10 * 1024 * 1024
/** How many earlier ones are kept, as `<log>.1`, the newest, to `<log>.3`. */
const kept = 3

export interface BoundedLogOptions {
  /** A descriptor of `file` that appends. */
  descriptor: number
  file: string
  /** Default 10 MiB. */
  maxBytes?: number
}

/**
 * Lines for a log file that does not grow without end. The process has inherited the descriptor as its stderr and cannot
 * change where that leads, so a full log is copied away and emptied, not renamed: what a crash prints lands in it as well.
 */
export function boundedLog({ descriptor, file, maxBytes = usualBytes }: BoundedLogOptions): {
  write(line: string): void
} {
  return {
    write(line) {
      // A full disk must not end the service: what cannot be logged is lost, and the next line is tried again.
      try {
        if (fstatSync(descriptor).size >= maxBytes) turnOver(descriptor, file)
        writeSync(descriptor, line)
      } catch {}
    },
  }
}

/** Whether the descriptor leads to the file: something else must not be emptied. */
export function leadsTo(descriptor: number, file: string): boolean {
  try {
    const [open, named] = [fstatSync(descriptor), statSync(file)]
    return open.isFile() && open.ino === named.ino && open.dev === named.dev
  } catch {
    return false
  }
}

function turnOver(descriptor: number, file: string): void {
  // Somebody may have moved it away meanwhile, as logrotate does; then this is no longer the log that grows there.
  if (!leadsTo(descriptor, file)) return
  // The copy first, which a full disk refuses, and that for each line: it must not cost the ones before.
  const copy = `${file}.0`
  try {
    copyFileSync(file, copy)
    for (let n = kept - 1; n >= 0; n--) {
      if (existsSync(`${file}.${n}`)) renameSync(`${file}.${n}`, `${file}.${n + 1}`)
    }
  } catch (error) {
    rmSync(copy, { force: true })
    throw error
  }
  ftruncateSync(descriptor)
}
