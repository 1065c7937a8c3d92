import { accountWords } from './chinese/account.ts'
import { agentsWords } from './chinese/agents.ts'
import { commonWords } from './chinese/common.ts'
import { itemsWords } from './chinese/items.ts'
import { partsWords } from './chinese/parts.ts'
import { playgroundWords } from './chinese/playground.ts'
import { problemWords } from './chinese/problems.ts'
import { routesWords } from './chinese/routes.ts'
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
  items: itemsWords,
  agents: agentsWords,
  routes: routesWords,
  parts: partsWords,
  playground: playgroundWords,
}
