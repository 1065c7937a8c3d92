/** A publisher for tests, and types of parts that count how often they start. */
import { generateKeyPairSync } from 'node:crypto'
import { z } from 'zod'
import type { Asyncv } from '../api.ts'
import { createAsyncv } from '../asyncv.ts'
import type { Connector } from '../connector.ts'
import { type ConnectorDefinition, defineConnector, defineProvider } from '../definition.ts'
import { AsyncvError } from '../errors.ts'
import type { AsyncvOptions } from '../options.ts'
import type { PartDefinition } from '../part-making.ts'
import { secretText } from '../secret.ts'
import { sqlite } from '../sqlite/index.ts'
import { deferred } from '../internal/deferred.ts'
import { type FakeConnector, fakeConnector } from './fake-connector.ts'
import type { ReleaseEnvelope } from '../schemas/release.ts'
import { hashOf } from '../internal/document-hash.ts'
import { keyFingerprint, publicKeyFrom, signEnvelope, type UnsignedEnvelope } from '../release/envelope.ts'

export class Publisher {
  readonly name: string
  readonly privateKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  sequence = 0

  constructor(name = 'command') {
    this.name = name
  }

  get trusted() {
    const publicKey = publicKeyFrom(this.privateKey)
    return { name: this.name, publicKey, fingerprint: keyFingerprint(publicKey), addedAt: 0 }
  }

  /** Signed for what is in force now. */
  async sign(asyncv: Asyncv, document: unknown, change: Partial<UnsignedEnvelope> = {}): Promise<ReleaseEnvelope> {
    const { runtime, current } = await asyncv.releases.state()
    this.sequence += 1
    return signEnvelope(
      {
        hash: hashOf(document),
        parentHash: current?.hash ?? null,
        audience: runtime,
        publisher: this.name,
        sequence: this.sequence,
        createdAt: 1,
        ...change,
      },
      this.privateKey,
    )
  }

  async publish(asyncv: Asyncv, document: unknown, change: Partial<UnsignedEnvelope> = {}) {
    return asyncv.releases.apply({ envelope: await this.sign(asyncv, document, change), document })
  }
}

/** What happened to parts, in order, such as `start fake:1`. */
export class Platforms {
  readonly said: string[] = []
  /** The platform of each account: it outlives its connectors. */
  readonly chats = new Map<string, FakeConnector>()
  /** Accounts whose connectors do not start. */
  readonly broken = new Set<string>()

  readonly #held = new Map<string, ReturnType<typeof deferred<void>>>()

  /** Starts of this account hang until they are let go, also of connectors that were made already. */
  holdStart(account: string): void {
    this.#held.set(account, deferred())
  }

  letStart(account: string): void {
    this.#held.get(account)?.resolve()
    this.#held.delete(account)
  }

  chat(account: string): FakeConnector {
    const known = this.chats.get(account) ?? fakeConnector({ account })
    this.chats.set(account, known)
    return known
  }

  readonly connector: ConnectorDefinition = defineConnector({
    type: 'chat',
    origin: 'https://chat.example',
    options: z.strictObject({
      account: z.string(),
      apiRoot: z.string().optional(),
      token: secretText(/./, 'expected a token').optional(),
      webhook: z.strictObject({ url: z.string() }).optional(),
    }),
    create: ({ account }): Connector => {
      const chat = this.chat(account)
      return {
        ...chat,
        start: async (host) => {
          this.said.push(`start ${account}`)
          if (this.broken.has(account)) throw new AsyncvError('connector_failed', `${account} is broken.`)
          await this.#held.get(account)?.promise
          return chat.start(host)
        },
        stop: async () => {
          this.said.push(`stop ${account}`)
          await chat.stop()
        },
        close: async () => void this.said.push(`close ${account}`),
      }
    },
  })

  readonly provider = defineProvider({
    type: 'echo',
    options: z.strictObject({ says: z.string(), waits: z.boolean().optional() }),
    create: ({ says, waits = false }) => {
      const platforms = this
      return {
        type: 'echo',
        async *stream() {
          if (waits) await platforms.#wait(says)
          yield { type: 'text.delta', text: says } as const
          yield { type: 'finish', reason: 'stop' } as const
        },
        close: async () => void this.said.push(`close ${says}`),
      }
    },
  })

  readonly #waiting: { says: string; answer: () => void }[] = []

  #wait(says: string): Promise<void> {
    return new Promise((answer) => this.#waiting.push({ says, answer }))
  }

  /** What each call said that was held up, in order. */
  get asked(): string[] {
    return this.#waiting.map(({ says }) => says)
  }

  /** Lets go of all calls that say so. */
  answer(says: string): void {
    for (const one of this.#waiting) if (one.says === says) one.answer()
  }

  get definitions(): PartDefinition[] {
    return [this.connector, this.provider as PartDefinition]
  }
}

/** The same as `saying`, on no chat, by a model that answers when the test lets it. */
export function sayingSlowly(says: string) {
  return { ...saying(says, []), providers: { main: { type: 'echo', options: { says, waits: true } } } }
}

/** A runtime that takes releases of these publishers. */
export function releasable(
  platforms: Platforms,
  publishers: Publisher[],
  { releases, ...options }: Partial<AsyncvOptions> = {},
): Asyncv {
  return createAsyncv({
    storage: sqlite(':memory:'),
    agents: [],
    definitions: async () => platforms.definitions,
    releases: { trust: { publishers: () => publishers.map(({ trusted }) => trusted) }, ...releases },
    ...options,
  })
}

/** One agent that says `says`, on a chat for each account. */
export function saying(says: string, accounts: string[] = ['fake:1'], more: Record<string, unknown> = {}) {
  const connectors = Object.fromEntries(
    accounts.map((account, index) => [`chat${index}`, { type: 'chat', options: { account } }]),
  )
  return {
    schemaVersion: 1,
    agents: [{ name: 'helper', model: 'main/any' }],
    routes: accounts.map((_, index) => ({ connector: `chat${index}`, agent: 'helper' })),
    providers: { main: { type: 'echo', options: { says } } },
    connectors,
    ...more,
  }
}
