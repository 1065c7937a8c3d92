import { createHmac, randomBytes } from 'node:crypto'
import { isSameHash } from './token.ts'

/** Tells the browsers that somebody has signed in with. Their cookies open nothing. */
export interface Devices {
  /** What a browser is given when somebody has signed in with it. */
  cookieFor(login: string): string
  /** The browser's name, when the cookie was given to it for this login; else null. */
  read(cookie: string | undefined, login: string): string | null
}

export function createDevices(key: Buffer): Devices {
  const sign = (device: string, login: string): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([device, login]))
      .digest('base64url')
  return {
    cookieFor(login) {
      const device = randomBytes(16).toString('base64url')
      return `${device}.${sign(device, login)}`
    },
    read(cookie, login) {
      const [device = '', signature = ''] = (cookie ?? '').split('.')
      return isSameHash(signature, sign(device, login)) ? device : null
    },
  }
}
