import type { Connector } from '../connector.ts'
import { PaceGate } from './pace.ts'

/** A connector that is connected, and how fast its platform lets it send. */
export class Account {
  readonly name: string
  readonly connector: Connector
  readonly gate: PaceGate
  /** The outbox knows of all that waits for it in the database; until then nothing may go ahead of that. */
  caughtUp = false
  #underWay = 0
  #rest: (() => void)[] = []

  constructor(name: string, connector: Connector) {
    this.name = name
    this.connector = connector
    this.gate = new PaceGate(connector.supports.pace)
  }

  /** A call to the platform begins; `leave` when it has ended, or was left behind. */
  enter(): void {
    this.#underWay += 1
  }

  leave(): void {
    this.#underWay -= 1
    if (this.#underWay > 0) return
    for (const resolve of this.#rest) resolve()
    this.#rest = []
  }

  /** Resolves when no call is under way, which is when the connector may be closed. */
  idle(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve()
    return new Promise((resolve) => this.#rest.push(resolve))
  }
}

/** The connected accounts, by the address that deliveries carry: a connector may be renamed, its account stays. */
export class Accounts {
  readonly #accounts = new Map<string, Account>()

  add(address: string, name: string, connector: Connector): Account {
    const account = new Account(name, connector)
    this.#accounts.set(address, account)
    return account
  }

  /** From now on nothing new is sent there; what is to be sent waits in the database. */
  remove(address: string): void {
    this.#accounts.delete(address)
  }

  /** At the start, when the outbox was told of all that waits. */
  catchUp(): void {
    for (const account of this.#accounts.values()) account.caughtUp = true
  }

  of(address: string): Account | null {
    return this.#accounts.get(address) ?? null
  }
}
