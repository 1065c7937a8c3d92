import { accountWords } from './english/account.ts'
import { agentsWords } from './english/agents.ts'
import { changesWords } from './english/changes.ts'
import { uiWords } from './english/ui.ts'
import { itemsWords } from './english/items.ts'
import { overviewWords } from './english/overview.ts'
import { partsWords } from './english/parts.ts'
import { auditWords } from './english/audit.ts'
import { keysWords } from './english/keys.ts'
import { logsWords } from './english/logs.ts'
import { playgroundWords } from './english/playground.ts'
import { problemWords } from './english/problems.ts'
import { releasesWords } from './english/releases.ts'
import { routesWords } from './english/routes.ts'
import { runtimesWords } from './english/runtimes.ts'
import { sessionWords } from './english/sessions.ts'
import { shellWords } from './english/shell.ts'
import { deliveryWords } from './english/deliveries.ts'
import { startWords } from './english/start.ts'
import { taskWords } from './english/tasks.ts'
import { traceWords } from './english/trace.ts'
import { watchWords } from './english/watch.ts'
import { usersWords } from './english/users.ts'
import { webhooksWords } from './english/webhooks.ts'

/**
 * Everything the app says, in English: a file per feature, a line here for each. Its shape is what Chinese has to fill; a
 * key that it lacks does not compile. What runtimes, agents and people wrote is shown as they wrote it.
 */
export const english = {
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

export type Words = typeof english
