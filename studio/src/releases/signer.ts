import { createPrivateKey, sign } from 'node:crypto'
import type { Identity } from '../runtimes/identity.ts'
import type { Signer } from './ports.ts'

/** Signs with what this Studio is known by. */
export function signerOf({ shown, privateKey }: Identity): Signer {
  const key = createPrivateKey(privateKey)
  return { publisher: shown.publisher, sign: (bytes) => sign(null, bytes, key).toString('base64') }
}
