/** The publishers whose releases a runtime takes: a file beside the database, which no route writes. */
import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { AsyncvError } from '../errors.ts'
import { releaseEnvelope } from '../schemas/release.ts'
import { syncFolderOf } from '../sqlite/upkeep/durable.ts'
import type { Trust, TrustedPublisher } from '../trusted.ts'
import { keyFingerprint, publicKeyForm } from './envelope.ts'

/** What the operator's own file is published as; nobody else can be called so. */
export const filePublisher = 'file'

/** The trust list of a runtime that was given none. */
export const nobody: Trust = { publishers: () => [] }

const publisher = z.strictObject({
  name: releaseEnvelope.shape.publisher.refine(
    (name) => name !== filePublisher,
    'is what the operator’s file is called',
  ),
  publicKey: z.string().regex(publicKeyForm, 'expected 32 bytes in base64'),
  fingerprint: z.string(),
  addedAt: z.int().min(0),
})

const trustFile = z.strictObject({ publishers: z.array(publisher).max(100) })

/**
 * The trust list in a file. A file that is not there is an empty list; one that is broken, or that others on this machine
 * can write to, throws `trust_unusable`, and nobody is trusted. For the operator of the host, and the program that embeds asyncv.
 */
export class TrustFile implements Trust {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  publishers(): readonly TrustedPublisher[] {
    let text: string
    try {
      // Who may write to it says who may say what this runtime does.
      if (process.platform !== 'win32') this.#checkWriters()
      text = readFileSync(this.#path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      if (error instanceof AsyncvError) throw error
      throw this.#unusable(`cannot be read: ${String((error as NodeJS.ErrnoException).code)}`, error)
    }
    const parsed = trustFile.safeParse(parse(text))
    if (!parsed.success) {
      const [first] = parsed.error.issues
      throw this.#unusable(`is broken at ${first?.path.join('.') || 'its top'}: ${first?.message ?? 'no JSON'}`)
    }
    const { publishers } = parsed.data
    const odd = publishers.find(({ publicKey, fingerprint }) => keyFingerprint(publicKey) !== fingerprint)
    if (odd !== undefined) throw this.#unusable(`gives "${odd.name}" a fingerprint that its key does not have`)
    const names = publishers.map(({ name }) => name)
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    if (twice !== undefined) throw this.#unusable(`has "${twice}" twice`)
    return publishers
  }

  /** Trusts a publisher, by its public key (32 bytes in base64), in the place of an earlier key of that name. Throws `input_invalid`. */
  add(name: string, publicKey: string, at: number): TrustedPublisher {
    const parsed = publisher.safeParse({
      name,
      publicKey,
      fingerprint: publicKeyForm.test(publicKey) ? keyFingerprint(publicKey) : '',
      addedAt: at,
    })
    if (!parsed.success) {
      const [first] = parsed.error.issues
      throw new AsyncvError('input_invalid', `The ${String(first?.path[0])} of a publisher: ${first?.message}.`, {
        hint: 'Give a name of lowercase letters, digits, ".", "_" or "-", and the public key as its owner tells it.',
      })
    }
    const others = this.publishers().filter((one) => one.name !== name)
    this.#write([...others, parsed.data].sort((a, b) => (a.name < b.name ? -1 : 1)))
    return parsed.data
  }

  /** Trusts it no longer; null when it was not trusted. What it has published stays in force. */
  remove(name: string): TrustedPublisher | null {
    const before = this.publishers()
    const found = before.find((one) => one.name === name)
    if (found === undefined) return null
    this.#write(before.filter((one) => one !== found))
    return found
  }

  /** Writes a list that is not there yet; null when there is one, be it empty. */
  begin(name: string, publicKey: string, at: number): TrustedPublisher | null {
    try {
      statSync(this.#path)
      return null
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return this.add(name, publicKey, at)
      throw this.#unusable(`cannot be read: ${String((error as NodeJS.ErrnoException).code)}`, error)
    }
  }

  /** On disk, as a whole or not at all: who reads it meanwhile reads the one before. */
  #write(publishers: readonly TrustedPublisher[]): void {
    const draft = `${this.#path}.${process.pid}.new`
    try {
      mkdirSync(dirname(this.#path), { recursive: true })
      const opened = openSync(draft, 'w', 0o600)
      try {
        writeFileSync(opened, `${JSON.stringify({ publishers }, null, 2)}\n`)
        fchmodSync(opened, 0o600)
        fsyncSync(opened)
      } finally {
        closeSync(opened)
      }
      renameSync(draft, this.#path)
      syncFolderOf(this.#path)
    } catch (error) {
      if (existsSync(draft)) rmSync(draft)
      throw this.#unwritten(error)
    }
  }

  /** Whoever can write to the folder can put another list in the place of this one, unless the folder is sticky. */
  #checkWriters(): void {
    const folder = dirname(this.#path)
    const { mode } = statSync(folder)
    if ((statSync(this.#path).mode & 0o022) !== 0)
      throw writable(`to the trust list ${this.#path}`, `chmod 600 ${this.#path}`)
    if ((mode & 0o022) === 0 || (mode & 0o1000) !== 0) return
    throw writable(`to ${folder}, where the trust list is`, `chmod go-w ${folder}`)
  }

  #unwritten(cause: unknown): AsyncvError {
    const code = String((cause as NodeJS.ErrnoException).code)
    const hint = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)
      ? 'It is as it was. Make room on that disk, and do the same again.'
      : 'It is as it was. Do the same as the user who may write there.'
    return new AsyncvError('trust_unusable', `The trust list ${this.#path} cannot be written: ${code}.`, {
      hint,
      cause,
    })
  }

  #unusable(why: string, cause?: unknown): AsyncvError {
    return new AsyncvError('trust_unusable', `The trust list ${this.#path} ${why}.`, {
      hint: 'Mend the file, or move it away and trust each publisher again with "asyncv trust".',
      cause,
    })
  }
}

function writable(what: string, chmod: string): AsyncvError {
  return new AsyncvError('trust_unusable', `Others on this machine can write ${what}.`, {
    hint: `Look at who is in the list, then take their right away: ${chmod}`,
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
