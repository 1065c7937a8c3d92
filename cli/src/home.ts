import { homedir } from 'node:os'
import { CommandError } from './failure.ts'
import { words } from './words/spoken.ts'

/** The folder of whoever runs the command. A user that a container made up has none that the system knows of. */
export function homeOf(env: Readonly<Record<string, string | undefined>>): string {
  const home = env['HOME'] || known()
  if (home !== '') return home
  throw new CommandError(words.files.noHome, words.files.noHomeHint, 2)
}

function known(): string {
  try {
    return homedir()
  } catch {
    return ''
  }
}
