import type { Connector } from '../connector.ts'
import { PaceGate } from './pace.ts'

/** A connector that is connected, and how fast its platform lets it send. */
export interface Account {
  name: string
  connector: Connector
  gate: PaceGate
}

/** The connected accounts, by the address that deliveries carry: a connector may be renamed, its account stays. */
export class Accounts {
  readonly #accounts = new Map<string, Account>()

  add(address: string, name: string, connector: Connector): void {
    this.#accounts.set(address, { name, connector, gate: new PaceGate(connector.supports.pace) })
  }

  of(address: string): Account | null {
    return this.#accounts.get(address) ?? null
  }

  /** The account of a connector by its configured name. */
  named(name: string): string | null {
    for (const [address, account] of this.#accounts) if (account.name === name) return address
    return null
  }
}
