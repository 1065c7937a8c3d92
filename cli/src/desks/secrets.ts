import type { SecretInfo, SecretInput } from 'asyncv'
import type { Environment } from '../settings/environment.ts'
import { hostUser } from './host-user.ts'
import type { Management } from '../calling/management.ts'
import { findMasterKey, masterKey } from '../key-files/master-key.ts'
import { openDesk } from './open-desk.ts'

/** Where secrets are set: in the database, or, while a service has it, by that service. */
export interface SecretDesk {
  set(secret: SecretInput): Promise<SecretInfo>
  list(): Promise<SecretInfo[]>
  get(name: string): Promise<SecretInfo>
  remove(name: string): Promise<SecretInfo>
  close(): Promise<void>
}

/** With `newKey`, a master key that is gone is replaced. */
export function openSecretDesk(
  database: string,
  env: Environment,
  { makes, newKey = false }: { makes: boolean; newKey?: boolean },
): Promise<SecretDesk> {
  return openDesk(database, {
    what: 'asyncv.secrets.put()',
    overHttp,
    inDatabase: async () =>
      inDatabase(database, await (makes ? masterKey(database, env, { anew: newKey }) : findMasterKey(database, env))),
    makes,
  })
}

async function inDatabase(database: string, key: string | null): Promise<SecretDesk> {
  // Loaded when they are needed: they are the whole library.
  const [{ openSecrets }, { sqlite }] = await Promise.all([import('asyncv'), import('asyncv/sqlite')])
  const secrets = await openSecrets(sqlite(database), key === null ? {} : { key })
  return {
    set: (secret) => secrets.put(secret, hostUser()),
    list: () => secrets.list(),
    get: (name) => secrets.get(name),
    remove: (name) => secrets.remove(name, hostUser()),
    close: () => secrets.close(),
  }
}

function overHttp({ ask }: Management): SecretDesk {
  const path = (name: string): string => `/secrets/${encodeURIComponent(name)}`
  return {
    set: ({ name, ...secret }) => ask('PUT', path(name), secret),
    list: async () => (await ask<{ data: SecretInfo[] }>('GET', '/secrets')).data,
    get: (name) => ask('GET', path(name)),
    remove: (name) => ask('DELETE', path(name)),
    async close() {},
  }
}
