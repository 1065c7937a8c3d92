import { createInterface } from 'node:readline/promises'
import { CommandError } from '../failure.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/**
 * Asks a person before something is done that cannot be undone. `--yes` answers for them; where nobody sits in front of a
 * terminal nothing is asked, and it is an error that says so. Resolves to false for a no; Ctrl-C ends the command with 130.
 */
export async function confirm(question: string, flags: Flags): Promise<boolean> {
  if (flags['yes'] === true) return true
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new CommandError(words.confirm.noTerminal(question), words.confirm.sayYes, 2)
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  lines.on('SIGINT', () => {
    process.stderr.write('\n')
    process.exit(130)
  })
  // Ctrl-D: whoever goes away says no.
  const gone = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
  const answer = await Promise.race([lines.question(`${question} ${words.confirm.choice} `), gone])
  lines.close()
  return words.confirm.yes.includes(answer.trim().toLowerCase())
}
