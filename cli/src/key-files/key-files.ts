/** Of the vault. Named in `ASYNCV_MASTER_KEY` instead, it is no file. */
export const masterKeyFile = 'vault.key'

/** For commands on this host; each start that finds none writes it, before anything else is written there. */
export const operatorKeyFile = 'operator.key'

/** Who may publish releases here. */
export const trustFile = 'trust.json'

/** What lies beside the database and is worth as much as all that is in it, or decides who may change it. */
export const keyFiles = [
  masterKeyFile,
  operatorKeyFile,
  trustFile,
  'publisher.key',
  'publisher.json',
  'known-runtimes.json',
] as const
