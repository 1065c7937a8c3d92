import { CommandError } from './failure.ts'
import { words } from './words/spoken.ts'

/** A disk that is full, a quota that is used up, a file that may not become longer: it is not for want of a right. */
const noRoom = ['ENOSPC', 'EDQUOT', 'EFBIG']

/** What to say of a file that could not be written, and do: make room where that is missing, else `wayOut`. */
export function cannotWrite(file: string, error: unknown, wayOut: string): CommandError {
  const { code = '', message } = error as NodeJS.ErrnoException
  const hint = noRoom.includes(code) ? words.files.noRoomHint : wayOut
  return new CommandError(words.files.cannotWrite(file, message), hint, 2)
}
