import type { Screen } from './screen.ts'

/**
 * A moment: short and of this place for a person, whole for a program that reads the pipe. A number that is no moment, as
 * somebody may have written it into a table, is shown as it is.
 */
export function momentFor(at: number, { columns }: Screen, now = Date.now()): string {
  if (Number.isNaN(new Date(at).getTime())) return String(at)
  if (columns === null) return new Date(at).toISOString()
  const date = new Date(at)
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`
  if (date.getFullYear() !== new Date(now).getFullYear()) return `${date.getFullYear()}-${day}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** The second in which something happened, where the line beside it says more. */
export function secondOf(at: number): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return String(at)
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** How long something took, in two units at most: the same in every language. */
export function durationOf(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  const hours = Math.round(minutes / 60)
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
