/** What `asyncv doctor` says: what it found, and what to do about it. */
export const doctorWords = {
  groups: {
    program: 'Program',
    configuration: 'Configuration',
    database: 'Database',
    machine: 'Machine',
    parts: 'Connectors, models and network',
    files: 'Files',
  },
  allWell: 'All is well.',
  wrong: (count: number) => (count === 1 ? 'One thing is wrong.' : `${count} things are wrong.`),
  mendable: (count: number) =>
    `"asyncv doctor --fix" mends ${count === 1 ? 'one of them' : `${count} of them`}; it removes nothing that is data.`,
  stumbledFix: 'This is a bug of the doctor; the rest was looked at.',

  node: (version: string) => `Node ${version}`,
  nodeOld: (version: string, least: string) => `Node ${version} is too old: asyncv needs ${least}.`,
  nodeOldFix: (least: string) => `Install Node ${least} or later, such as the current LTS.`,
  sqlite: (driver: string, version: string) => `SQLite ${version}, by ${driver}`,
  sqliteOld: (driver: string, version: string) =>
    `SQLite ${version}, by ${driver}, is from before 3.51.3: several connections to one database could damage it, so the service uses one, which is slower.`,
  sqliteOldFix: 'Install better-sqlite3 ("npm install better-sqlite3"), or a Node that brings a newer SQLite.',

  config: (file: string, agents: string) => `${file}, agents: ${agents}`,
  noConfig: (agents: string) => `No configuration file here; a start would run one agent: ${agents}.`,
  noConfigFix: 'Write asyncv.config.ts or asyncv.config.json here, or name a file in ASYNCV_CONFIG.',
  configFix: 'Mend the file; nothing starts before.',
  dotEnv: (file: string) => file,
  variables: (names: readonly string[], file: string | null) =>
    `Variables that count before the file: ${names.join(', ')}${file === null ? '' : ` (of the environment or ${file})`}`,

  inMemory: 'The database is in memory: what is said is lost when the service ends.',
  noDatabase: (file: string) => `No database yet: the first start makes ${file}.`,
  notRunning: 'no service has it',
  running: (pid: number, url: string) => `the service has it (process ${pid}, ${url})`,
  database: (file: string, version: number, size: string, who: string) =>
    `${file}, schema version ${version}, ${size}; ${who}`,
  pending: (names: readonly string[]) => `Migrations are pending: ${names.join(', ')}`,
  pendingFix: (isRunning: boolean): string =>
    isRunning
      ? 'The service that runs is older than this command: restart it.'
      : 'The next start applies them, or "asyncv db migrate" now. Make a backup first: asyncv db backup FILE',
  longLog: (size: string) => `The write-ahead log has ${size}: something that reads keeps it from being written back.`,
  longLogFix: 'Close programs that have the database open, or restart the service.',
  growth: (tables: string) => `Rows, and of those the ones of the last day: ${tables}`,
  unreadableFix: 'See docs/operations.md, "When something is wrong".',

  portOwn: (at: string) => `${at} is this service's.`,
  portFree: (at: string) => `${at} is free.`,
  portTaken: (at: string) => `${at} is taken by another program.`,
  portTakenFix: (port: number) =>
    `See who it is ("ss -ltnp sport = :${port}", "lsof -i :${port}") and stop it, or give the service another port: --port, server.port.`,
  portUnusable: (at: string, code: string) => `${at} cannot be listened on: ${code}.`,
  portUnusableFix: 'Give an address of this machine, and a port above 1023.',
  disk: (folder: string, free: string) => `${free} free at ${folder}`,
  diskFull: (folder: string, free: string) => `Only ${free} free at ${folder}.`,
  diskFilling: (folder: string, days: number) => `At its pace of the last day, ${folder} is full in ${days} days.`,
  diskFix: 'Make room, or say after how long conversations are forgotten; see docs/operations.md, "Full disk".',
  diskSync: (ms: string) => `The disk takes ${ms} ms to keep a commit.`,
  diskSlow: (ms: string) => `The disk takes ${ms} ms to keep a commit; each message waits for two.`,
  diskSlowFix: 'Put the database on a local disk (an SSD); network and overlay file systems are slow at this.',
  unwritable: (folder: string, why: string) => `${folder} cannot be written: ${why}.`,
  unwritableFix: 'Give this user the folder, run this as the user of the service, or set ASYNCV_HOME.',

  kinds: { provider: 'Model service', connector: 'Connector' },
  works: (part: string, ms: number) => `${part} answers (${ms} ms).`,
  fails: (part: string, problem: string) => `${part}: ${problem}`,
  failsFix: 'Check the key, the address and the network.',
  untestable: (part: string) => `${part} cannot be tried.`,
  secrets: (count: number) => `The vault opens: ${count} ${count === 1 ? 'secret' : 'secrets'}.`,
  keyless: (count: number) =>
    `The vault holds ${count} ${count === 1 ? 'secret' : 'secrets'}, and its master key is not here.`,
  keylessFix:
    'Put vault.key back beside the database, or set ASYNCV_MASTER_KEY; if it is lost, set the secrets anew: asyncv secrets set NAME --new-key',
  shut: (names: readonly string[]) => `Sealed with another master key, or changed: ${names.join(', ')}`,
  shutFix: 'Bring the right master key back, or set them anew: asyncv secrets set NAME',
  clock: 'The clock is right.',
  clockUnknown: 'Nobody answered who could say how late it is.',
  clockAhead: (seconds: number) => `The clock is ${seconds} s ahead.`,
  clockBehind: (seconds: number) => `The clock is ${seconds} s behind.`,
  clockFix: 'Let it be set by the network: "timedatectl set-ntp true", or the time settings of the system.',
  webhook: (name: string, url: string) => `The webhook of ${name} answers at ${url}.`,
  webhookUntested: (name: string) => `The webhook of ${name} is looked at while the service runs.`,
  webhookPath: (name: string, url: string) =>
    `The webhook of ${name}, ${url}, is not where the service listens for it.`,
  webhookPathFix: (path: string) => `Its address ends with ${path}.`,
  webhookForeign: (name: string, url: string, status: number) =>
    `At the webhook of ${name}, ${url}, something else answers: ${status}.`,
  webhookUnreachable: (name: string, url: string, why: string) =>
    `The webhook of ${name}, ${url}, is not reached from here: ${why}`,
  webhookFix:
    'Look at what stands in front of the service: its certificate, its port, and where it passes requests on to.',

  fileModes: (count: number) => `Nobody else may read the ${count} files with keys and data.`,
  fileMode: (file: string, mode: string) => `Others on this machine may read ${file} (mode ${mode}).`,
  fileModeFix: (file: string) => `chmod 600 ${file}`,
  fileModeDone: (file: string) => `${file} is its owner's alone now.`,
  trustWritable: (file: string, mode: string, names: readonly string[]) =>
    `Others on this machine could write to the trust list ${file} (mode ${mode}): nobody is trusted while they can. In it: ${names.join(', ') || 'nobody that can be read'}.`,
  trustWritableFix: (file: string) =>
    `Compare who is in it with whom you trust. Then chmod 600 ${file}, and take off who does not belong: asyncv trust remove NAME`,
  fileUnreadable: (file: string) => `This user may not read ${file}.`,
  fileUnreadableFix: 'Run this as the user of the service, or give the file to this user.',
  gitignore: 'Git leaves keys and data alone.',
  gitignoreMissing: (names: readonly string[], file: string) =>
    `Git would take keys and data along: ${names.join(', ')} not in ${file}.`,
  gitignoreFix: (file: string) => `Add the lines to ${file}.`,
  gitignoreDone: (names: readonly string[], file: string) => `${names.join(', ')} added to ${file}.`,
  stale: (file: string, pid: string) => `${file} is of a service that is gone (process ${pid}).`,
  staleFix: (file: string) => `Remove ${file}; it holds no data.`,
  removed: (file: string) => `${file} is removed.`,
  unfinished: (file: string) => `A restore was cut and left ${file}; the database is as it was before.`,
  kept: (names: readonly string[], size: string) =>
    `Databases from before a restore are kept, ${size}: ${names.join(', ')}`,
  keptFix: 'Remove them when they are needed no more.',
  oldLogs: (count: number, folder: string, size: string) =>
    `${count} log files of more than 30 days in ${folder}, ${size}.`,
  oldLogsFix: 'Remove what is needed no more.',
}
