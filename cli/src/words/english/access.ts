export const accessWords = {
  keys: {
    expires: (value: string) => `--expires is ${value}.`,
    expiresHint: 'Give minutes, hours or days, such as 90m, 12h, 30d.',
    made: (id: string, what: string) => `Key ${id}, ${what}. It is shown this once:`,
    none: 'There are no keys: whoever is on this machine may invoke and read.',
    revoked: (id: string, name: string) => `Key ${id} (${name}) is revoked.`,
    lastUsed: 'LAST USED',
    goodFor: 'GOOD FOR',
    never: 'never',
    isRevoked: 'revoked',
    isGood: 'good',
    isExpired: 'expired',
    until: (moment: string) => `until ${moment}`,
    reach: (scopes: readonly string[], space: string) => `${scopes.join(', ')} in ${space}`,
    reachWith: (reach: string, agents: readonly string[]) => `${reach} with ${agents.join(', ')}`,
  },
  management: {
    keyUnreadable: (pid: number) => `Process ${pid} has the database, and its operator key cannot be read.`,
    inMemory: 'The database is in memory, where nothing that this command does would stay.',
    inMemoryHint:
      'Name a file as the storage, such as sqlite:./asyncv.db, or use the API of the program that has the database.',
    noneHere: (file: string) => `There is no runtime here: there is no database ${file}.`,
    noneHereHint:
      'Begin one with "asyncv init" or "asyncv start"; or run this where it runs, or name its database in ASYNCV_STORAGE.',
    starting: (pid: number) => `The service here, process ${pid}, is still starting.`,
    startingHint: 'A platform or a plugin holds it up: "asyncv logs" may tell which, and "asyncv stop" ends it.',
    takesNoOrders: (pid: number) => `Process ${pid} has the database, and takes no orders.`,
    asItsUser: (what: string) =>
      `Run this as the user of the service, or stop it first; a program that embeds asyncv has ${what}.`,
    stopping: (pid: number) => `The service that has the database, process ${pid}, is stopping.`,
    answered: (url: string, status: number) => `${url} answered ${status}.`,
    otherListener:
      'Is that the port of the runtime? This needs its management listener, which is another one, such as http://127.0.0.1:7401; or that service is older than this command.',
    reachIt: 'A management listener answers on its own machine only; go there by a tunnel, such as ssh -L.',
  },
  secrets: {
    prompt: (name: string) => `Value of ${name} (hidden): `,
    cancelled: 'Cancelled; nothing was set.',
    empty: 'The value is empty; nothing was set.',
    emptyHint: (name: string) => `Type it at the prompt, or pipe it: asyncv secrets set ${name} < file`,
    severalLines: 'Several lines were given; nothing was set.',
    severalLinesHint: 'The prompt takes one line. Pipe the others in with it: asyncv secrets set NAME < file',
    noText: 'The value is no text in UTF-8; nothing was set.',
    noTextHint: 'Give bytes that are no text in base64.',
    badName: 'The name of a secret has a form that cannot be used.',
    badNameHint:
      'Use up to 128 letters, digits, "_", "." or "-", with a letter or "_" in front, such as OPENAI_API_KEY. The value comes at the prompt, or from a pipe.',
    noWord: (command: string) => `"${command}" takes no value as a word.`,
    noWordHint: 'Type it at the prompt, or pipe it in.',
    isSet: (name: string, version: number, bound: string) => `Secret ${name} is set: version ${version}, ${bound}.`,
    removed: (name: string) => `Secret ${name} is removed.`,
    none: 'The vault is empty; secrets are taken from the environment.',
    version: 'VERSION',
    at: 'SET',
    fingerprint: 'FINGERPRINT',
    goesTo: 'FOR',
    unreadable: (keyId: string) => `not readable (master key ${keyId})`,
    whereUsed: 'where the configuration uses it',
    fileUnreadable: (name: string, file: string, why: string) =>
      `${name}_FILE names ${file}, which cannot be read: ${why}.`,
    fileUnreadableHint: 'Mend the path or the permissions, or unset it.',
    keyForm: 'ASYNCV_MASTER_KEY is not 32 bytes in base64 or hexadecimal.',
    keyFormHint: 'Make one with: openssl rand -base64 32',
    keyLost: (file: string, secrets: number) =>
      `There is no master key: ${file} is missing, and ASYNCV_MASTER_KEY is not set. ${secrets} ${secrets === 1 ? 'secret' : 'secrets'} of the vault ${secrets === 1 ? 'was' : 'were'} sealed with it, and cannot be read without it.`,
    keyLostHint:
      'Bring the file back ("asyncv db backup --with-keys" copies it), or set the variable. If the key is lost, set the secrets again, the first one with a new key: asyncv secrets set NAME --new-key; "asyncv secrets list" names them.',
    otherKey: (names: readonly string[]) =>
      `That start would have another master key, which does not open what opens now: ${names.join(', ')}.`,
    otherKeyHint:
      'Set ASYNCV_MASTER_KEY as it is where they open, for a service of the host in the .env beside the configuration, or bring that vault.key.',
    noKeyIn: (file: string) => `${file} holds no master key.`,
    noKeyInHint:
      'Bring the right file back. If it is lost, remove this one, and set the secrets again: asyncv secrets set NAME --new-key',
    keyFileHint: 'Run this as the user whose file it is.',
  },
  audit: {
    none: 'Nothing was written down.',
    number: 'N',
    at: 'AT',
    who: 'WHO',
    did: 'DID',
    to: 'TO',
    head: (value: string) => `--head is ${value}.`,
    headHint: 'Give it as "asyncv audit verify" printed it: a number, a colon, 64 hexadecimal digits.',
    whole: (entries: number, head: string) =>
      `The audit log is whole: ${entries} ${entries === 1 ? 'entry' : 'entries'}.\nHead: ${head}`,
    broken: (kind: string, detail: string, entries: number) =>
      `The audit log is broken (${kind}): ${detail} Good are ${entries}.`,
    noteHead: 'Note the head elsewhere: given as --head, it shows later whether anything was taken away.',
  },
}
