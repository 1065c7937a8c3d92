import { completionScript } from '../completion.ts'
import { CommandError } from '../failure.ts'
import { meant } from '../meant.ts'
import { print, talk } from '../output.ts'
import { shells } from '../tree/choices.ts'
import type { Command, Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv completion bash | zsh | fish`. How to use it is said where a person sees it. */
export async function complete(commands: readonly Command[], flags: Flags, shell: string): Promise<void> {
  const known = shells.find((name) => name === shell)
  if (known === undefined) throw new CommandError(words.completion.unknown(shell), meant(shell, shells), 2)
  print(completionScript(known, commands))
  if (process.stdout.isTTY) talk(`# ${words.completion.howTo[known]}`, flags)
}
