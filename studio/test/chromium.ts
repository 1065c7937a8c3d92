import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { describe } from 'vitest'

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The browser that tests drive: `CHROMIUM_PATH`, or where one usually is; `null` where there is none. */
export function findChromium(): string | null {
  const named = process.env['CHROMIUM_PATH']
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named
    throw new Error(`CHROMIUM_PATH names ${named}, and there is no such file.`)
  }
  return usual.find((path) => existsSync(path)) ?? null
}

const found = findChromium()
if (found === null) {
  console.warn(
    [
      '',
      'THE BROWSER TESTS OF STUDIO ARE LEFT OUT: no Chromium was found.',
      'Install Debian’s (apt-get install chromium), or any Chrome, and name it with CHROMIUM_PATH=/path/to/it.',
      '',
    ].join('\n'),
  )
}

/** `describe` for tests that need the browser; without one they are left out, and said to be. */
export const describeInBrowser = found === null ? describe.skip : describe

export function launch(): Promise<Browser> {
  if (found === null) throw new Error('There is no Chromium.')
  // Containers have neither the namespaces of its sandbox nor a large /dev/shm.
  return chromium.launch({ executablePath: found, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}
