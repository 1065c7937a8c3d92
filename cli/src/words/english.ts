import { accessWords } from './english/access.ts'
import { commandsWords } from './english/commands.ts'
import { conversationsWords } from './english/conversations.ts'
import { dbWords } from './english/db.ts'
import { doctorWords } from './english/doctor.ts'
import { operatingWords } from './english/operating.ts'
import { optionsWords } from './english/options.ts'
import { programWords } from './english/program.ts'
import { releasingWords } from './english/releasing.ts'
import { servingWords } from './english/serving.ts'

/**
 * Everything the command says, in English. Its shape is what every other language has to fill: a key that one of them
 * lacks does not compile. Error codes, logs and what a service says of its own are not here: they are English always.
 */
export const english = {
  ...programWords,
  ...commandsWords,
  ...optionsWords,
  ...conversationsWords,
  ...servingWords,
  ...accessWords,
  ...releasingWords,
  ...operatingWords,
  db: dbWords,
  doctor: doctorWords,
}

export type Words = typeof english
