/** The service as the host's service manager is to start it. */
export interface HostService {
  /** Of the unit or the agent. */
  name: string
  /** The program and its arguments, all paths absolute. */
  command: readonly string[]
  directory: string
  /** Where what it says goes, where the manager has no log of its own. */
  log: string
  /** Whether `systemd-notify` is there, which tells systemd that the service is ready. */
  notifies: boolean
}

/** What begins every file of ours: another one is not touched. */
export const mark = 'Written by "asyncv service install"'
