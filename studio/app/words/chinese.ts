import { accountWords } from './chinese/account.ts'
import { commonWords } from './chinese/common.ts'
import { problemWords } from './chinese/problems.ts'
import { runtimesWords } from './chinese/runtimes.ts'
import { shellWords } from './chinese/shell.ts'
import { usersWords } from './chinese/users.ts'
import type { Words } from './english.ts'

export const chinese: Words = {
  common: commonWords,
  problems: problemWords,
  shell: shellWords,
  account: accountWords,
  users: usersWords,
  runtimes: runtimesWords,
}
