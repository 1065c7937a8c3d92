import { accountWords } from './chinese/account.ts'
import { agentsWords } from './chinese/agents.ts'
import { changesWords } from './chinese/changes.ts'
import { uiWords } from './chinese/ui.ts'
import { itemsWords } from './chinese/items.ts'
import { overviewWords } from './chinese/overview.ts'
import { partsWords } from './chinese/parts.ts'
import { auditWords } from './chinese/audit.ts'
import { keysWords } from './chinese/keys.ts'
import { logsWords } from './chinese/logs.ts'
import { playgroundWords } from './chinese/playground.ts'
import { problemWords } from './chinese/problems.ts'
import { releasesWords } from './chinese/releases.ts'
import { routesWords } from './chinese/routes.ts'
import { runtimesWords } from './chinese/runtimes.ts'
import { sessionWords } from './chinese/sessions.ts'
import { shellWords } from './chinese/shell.ts'
import { deliveryWords } from './chinese/deliveries.ts'
import { startWords } from './chinese/start.ts'
import { taskWords } from './chinese/tasks.ts'
import { traceWords } from './chinese/trace.ts'
import { watchWords } from './chinese/watch.ts'
import { usersWords } from './chinese/users.ts'
import { webhooksWords } from './chinese/webhooks.ts'
import type { Words } from './english.ts'

export const chinese: Words = {
  ui: uiWords,
  problems: problemWords,
  shell: shellWords,
  account: accountWords,
  users: usersWords,
  keys: keysWords,
  runtimes: runtimesWords,
  items: itemsWords,
  agents: agentsWords,
  routes: routesWords,
  parts: partsWords,
  changes: changesWords,
  releases: releasesWords,
  webhooks: webhooksWords,
  start: startWords,
  playground: playgroundWords,
  overview: overviewWords,
  logs: logsWords,
  audit: auditWords,
  watch: watchWords,
  trace: traceWords,
  sessions: sessionWords,
  tasks: taskWords,
  deliveries: deliveryWords,
}
