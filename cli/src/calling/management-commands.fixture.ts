/**
 * The commands that ask the management listener for something, one or more for each of its routes. A new route has a
 * command that uses it, and a line here that runs it: management-routes.test.ts finds those that have none.
 */
export interface ManagementCommand {
  args: string[]
  /** What is piped into it. */
  input?: string
}

export const managementCommands: readonly ManagementCommand[] = [
  { args: ['status'] },
  { args: ['types'] },
  { args: ['routes'] },
  { args: ['plugins'] },
  { args: ['connectors', 'list'] },
  { args: ['connectors', 'stop', 'chat'] },
  { args: ['connectors', 'start', 'chat'] },
  { args: ['connectors', 'test', 'chat'] },
  { args: ['providers', 'list'] },
  { args: ['providers', 'test', 'offline'] },
  { args: ['drain', '--wait'] },
  { args: ['drain', '--undo'] },
  { args: ['logs'] },
  { args: ['keys', 'create', 'reports'] },
  { args: ['keys', 'list'] },
  { args: ['keys', 'revoke', '0123456789abcdef'] },
  { args: ['secrets', 'set', 'TOKEN'], input: 'a value' },
  { args: ['secrets', 'list'] },
  { args: ['secrets', 'show', 'TOKEN'] },
  { args: ['secrets', 'remove', 'TOKEN'] },
  { args: ['audit', 'list'] },
  { args: ['audit', 'verify'] },
  { args: ['deploy', '--yes'] },
  { args: ['releases', 'list'] },
  { args: ['releases', 'show', '1'] },
  { args: ['trust', 'add', 'ann', 'KEY', '--yes'] },
]

/** Routes that no command asks for yet, each with the reason. Held to be true: who adds the command takes the route out here. */
export const withoutCommand: Readonly<Record<string, string>> = {
  'POST /admin/v1/preview': 'a chat with a draft is not in the command yet; programs use it',
}
