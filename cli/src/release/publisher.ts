/** This host's command as a publisher of releases: its key, its name, and how far it has counted. */
import { generateKeyPairSync } from 'node:crypto'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { CommandError } from '../failure.ts'
import { ensureKey, type KeyFile, readKey } from '../key-files/key-file.ts'
import { words } from '../words/spoken.ts'
import { readJsonFile, changeJsonFile } from './json-file.ts'

export interface Publisher {
  /** Ed25519, in PEM (PKCS #8). Never shown. */
  privateKey: string
  /** 32 bytes in base64, as trust lists have it. */
  publicKey: string
  /** What people compare. */
  fingerprint: string
}

/** What the command is called on the host whose runtime it publishes to. */
export const hereName = 'command'

/** The key beside the database, which only its owner may read. It is made with the first use. */
export async function ensurePublisher(database: string): Promise<Publisher> {
  if (database === ':memory:') throw new CommandError(words.trust.inMemory, words.trust.inMemoryHint, 2)
  return publisherOf(await ensureKey(await keyFileOf(database)))
}

/** The same where it is there, for who only looks. */
export async function readPublisher(database: string): Promise<Publisher> {
  return publisherOf(await readKey(await keyFileOf(database)))
}

async function publisherOf(privateKey: string): Promise<Publisher> {
  const { keyFingerprint, publicKeyFrom } = await import('asyncv')
  const publicKey = publicKeyFrom(privateKey)
  return { privateKey, publicKey, fingerprint: keyFingerprint(publicKey) }
}

async function keyFileOf(database: string): Promise<KeyFile> {
  // Loaded when it is needed: it is the whole library.
  const { publicKeyFrom } = await import('asyncv')
  return {
    file: join(dirname(database), 'publisher.key'),
    make: () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim(),
    checked(key) {
      publicKeyFrom(key)
      return key
    },
    wayOut: words.trust.keyHint,
  }
}

/** What it is called on other hosts, where there are several commands: each may have a counter of its own. */
export function awayName(fingerprint: string): string {
  const host = hostname()
    .toLowerCase()
    .replace(/\..*$/, '')
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 40)
  return `${hereName}-${host}-${fingerprint.slice(0, 4)}`
}

/** The last number that was given to a release for a runtime; each is above the one before. */
export class Sequences {
  readonly #file: string

  constructor(database: string) {
    this.#file = join(dirname(database), 'publisher.json')
  }

  /** 0 before the first. */
  last(publisher: string, runtime: string): number {
    return this.#read()[runtime]?.[publisher] ?? 0
  }

  /** On disk when it returns: a number that was given once is not given again, whatever becomes of the release. */
  note(publisher: string, runtime: string, sequence: number): void {
    changeJsonFile(this.#file, () => {
      const all = this.#read()
      const highest = Math.max(sequence, all[runtime]?.[publisher] ?? 0)
      return { sequences: { ...all, [runtime]: { ...all[runtime], [publisher]: highest } } }
    })
  }

  #read(): Record<string, Record<string, number>> {
    const read = readJsonFile(this.#file)
    if (read === undefined) return {}
    try {
      const { sequences } = read as { sequences: Record<string, Record<string, number>> }
      const numbers = Object.values(sequences).flatMap((of) => Object.values(of))
      if (numbers.every((number) => Number.isSafeInteger(number) && number >= 0)) return sequences
    } catch {
      // Said below.
    }
    throw new CommandError(words.trust.noCounter(this.#file), words.trust.noCounterHint, 2)
  }
}
