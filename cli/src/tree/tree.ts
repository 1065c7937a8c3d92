import type { Words } from '../words/english.ts'
import { access } from './access.ts'
import { looking } from './looking.ts'
import { operating } from './operating.ts'
import { releasing } from './releasing.ts'
import { serving } from './serving.ts'
import { talking } from './talking.ts'
import { upkeep } from './upkeep.ts'
import type { Command } from './command.ts'

/** All commands there are: the program, its help, its completion and its page in the docs are read from this. */
export function commandTree(words: Words): Command[] {
  const groups = [serving, talking, looking, access, releasing, operating, upkeep]
  const all: Command[] = groups.flatMap((group) => group(words, () => all))
  return all
}
