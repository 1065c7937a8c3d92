import { accessWords } from './chinese/access.ts'
import { commandsWords } from './chinese/commands.ts'
import { conversationsWords } from './chinese/conversations.ts'
import { dbWords } from './chinese/db.ts'
import { doctorWords } from './chinese/doctor.ts'
import { operatingWords } from './chinese/operating.ts'
import { optionsWords } from './chinese/options.ts'
import { programWords } from './chinese/program.ts'
import { releasingWords } from './chinese/releasing.ts'
import { servingWords } from './chinese/serving.ts'
import type { Words } from './english.ts'

/** 命令行的全部中文文案。术语以 DESIGN.md 的词汇表为准；错误码、日志和服务自己说的话保持英文，便于搜索。 */
export const chinese: Words = {
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
