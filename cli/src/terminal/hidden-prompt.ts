import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { CommandError } from '../failure.ts'
import { words } from '../words/spoken.ts'

/** A paste may come in several pieces; a person who has pressed Enter does not notice. ms. */
const pasteMs = 50

/**
 * What is piped in, or typed at a terminal, which shows nothing of it. One line break at the end is not part of it. Throws
 * when it is no text, or several lines were pasted at the terminal, of which only the first would be taken.
 */
export async function readHidden(question: string): Promise<string> {
  if (process.stdin.isTTY) return prompt(question)
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return textIn(Buffer.concat(chunks)).replace(/\r?\n$/, '')
}

function textIn(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new CommandError(words.secrets.noText, words.secrets.noTextHint, 2)
  }
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
    let more = false
    reader.once('line', (first) => {
      const done = (): void => {
        if (!more && reader.line === '') return leave(() => resolve(first))
        leave(() => reject(new CommandError(words.secrets.severalLines, words.secrets.severalLinesHint, 2)))
      }
      const ended = setTimeout(done, pasteMs)
      // What is left unread would be typed into the shell.
      process.stdin.on('data', () => {
        ended.refresh()
      })
      reader.on('line', () => {
        more = true
      })
    })
    reader.once('SIGINT', () => leave(cancelled))
    // Ctrl-D.
    reader.once('close', () => leave(cancelled))
  })
}
