/** Of the vault. Named in `ASYNCV_MASTER_KEY` instead, it is no file. */
export const masterKeyFile = 'vault.key'

/** Who may publish releases here. */
export const trustFile = 'trust.json'

/** What lies beside the database and is worth as much as all that is in it, or decides who may change it. */
export const keyFiles = [
  masterKeyFile,
  'operator.key',
  trustFile,
  'publisher.key',
  'publisher.json',
  'known-runtimes.json',
] as const
