/** Of the vault. Named in `ASYNCV_MASTER_KEY` instead, it is no file. */
export const masterKeyFile = 'vault.key'

/** What lies beside the database and is worth as much as all that is in it, or decides who may change it. */
export const keyFiles = [
  masterKeyFile,
  'operator.key',
  'trust.json',
  'publisher.key',
  'publisher.json',
  'known-runtimes.json',
] as const
