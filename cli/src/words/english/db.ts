/** What `asyncv db` says. */
export const dbWords = {
  inMemory: 'The database is in memory: there is nothing to look after.',
  inMemoryHint: 'Name a file in ASYNCV_STORAGE, or in "storage" of the configuration.',
  migrated: (file: string, from: string, to: string, applied: string) =>
    `${file} is at version ${to}, was at ${from}: ${applied}`,
  upToDate: (file: string, version: number) => `${file} is at version ${version} already.`,
  version: 'version',
  pending: 'pending',
  none: 'nothing',
  applied: 'migrated',
  checksums: 'checksums',
  asReleased: 'as released',
  driver: 'driver',
  owner: 'in use by',
  nobody: 'nobody',
  process: (pid: number) => `process ${pid}`,
  size: 'size',
  sizes: (database: string, log: string, files: string) => `${database}, write-ahead log ${log}, files ${files}`,
  table: 'TABLE',
  rows: 'ROWS',
  ofLatest: (version: number, latest: number) => `${version} of ${latest}`,
  checks: {
    integrity: 'pages and indexes',
    'foreign keys': 'foreign keys',
    releases: 'releases',
    migrations: 'migrations',
    audit: 'audit log',
    rows: 'rows that name others',
    files: 'files',
  },
  whole: (file: string) => `${file} is whole.`,
  faulty: (file: string, faults: number) => `${file} has ${faults === 1 ? 'a fault' : `${faults} faults`}.`,
  faultyHint: 'What to do: docs/operations.md, "When something is wrong".',
  keyFile: (file: string) => `${file} holds keys, and no backup takes its place.`,
  keyFileHint: 'Name a file of its own. With --with-keys the backup has the keys in it.',
  askReplace: (file: string) => `Replace the file ${file}?`,
  inUse: (file: string, pid: number) =>
    `${file} is in use by process ${pid}; nothing is restored under a running service.`,
  inUseHint: 'Stop it first: asyncv stop.',
  askRestore: (file: string, madeAt: string) =>
    `Put the backup of ${madeAt} in the place of ${file}? What is there is kept under another name.`,
  nothingDone: 'Nothing was done.',
  made: (file: string, size: string) => `Backup ${file}, ${size}, looked through and whole.`,
  holds: (madeAt: string, version: number) => `made at ${madeAt}, schema version ${version}`,
  fileCount: (count: number, size: string) => `${count} files of messages, ${size}`,
  auditEnd: (head: string) => `the audit log ends at ${head}`,
  auditBroken: 'The audit log was changed by somebody else: see "asyncv audit verify". It was copied as it is.',
  missing: (hashes: readonly string[]) =>
    `Files that are named and were not there, or were damaged, are not in it: ${hashes.join(', ')}`,
  notInIt: 'Not in it, so bring them along: the configuration, .env, and what *_FILE names.',
  bringMasterKey: (secrets: number, file: string) =>
    `${secrets} ${secrets === 1 ? 'secret is' : 'secrets are'} sealed with the master key (${file}, or ASYNCV_MASTER_KEY): without it they are lost. Keep it apart from the backup, or copy it with --with-keys.`,
  keysAreIn: (names: readonly string[]) => `Keys are in it (${names.join(', ')}): keep it as you keep them.`,
  restored: (file: string, madeAt: string) => `${file} is what it was at ${madeAt}.`,
  kept: (file: string) => `What was there is kept as ${file}; remove it when it is needed no more.`,
  keysWritten: (names: readonly string[]) => `Written beside it: ${names.join(', ')}`,
  keysLeft: (names: readonly string[]) => `Kept as they are here, the backup has others: ${names.join(', ')}`,
  needsMasterKey: (secrets: number, file: string) =>
    `${secrets} ${secrets === 1 ? 'secret wants' : 'secrets want'} the master key that sealed ${secrets === 1 ? 'it' : 'them'}: put ${file} there, or set ASYNCV_MASTER_KEY, before the next start; else set the secrets anew.`,
  held: (count: number) =>
    `${count} ${count === 1 ? 'delivery was' : 'deliveries were'} on the way: whether they were sent since the backup, nobody knows, so they are held. See "asyncv deliveries list --state held"; then retry or discard each.`,
  goOn: (count: number) =>
    `${count} ${count === 1 ? 'task was' : 'tasks were'} open: they go on at the next start, and what was answered after the backup is answered again.`,
  oneOnly:
    'Start it with "asyncv start", when the service it was copied from runs no more: two of them would take each other’s messages.',
}
