import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { CommandError } from './failure.ts'
import { words } from './words/spoken.ts'

/** What is piped in, or typed at a terminal, which shows nothing of it. One line break at the end is not part of it. */
export async function readHidden(question: string): Promise<string> {
  if (process.stdin.isTTY) return prompt(question)
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

/** Ctrl-C ends the command with 130, as a shell would, and nothing is written. */
function prompt(question: string): Promise<string> {
  // Readline edits the line; where it would show it, nothing is there.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 })
  // Only now: from here on the terminal repeats nothing of what is typed.
  process.stderr.write(question)
  return new Promise((resolve, reject) => {
    const leave = (outcome: () => void): void => {
      reader.removeAllListeners()
      reader.close()
      process.stderr.write('\n')
      outcome()
    }
    const cancelled = (): void => reject(new CommandError(words.secrets.cancelled, '', 130))
    reader.once('line', (line) => leave(() => resolve(line)))
    reader.once('SIGINT', () => leave(cancelled))
    // Ctrl-D.
    reader.once('close', () => leave(cancelled))
  })
}
