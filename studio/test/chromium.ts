import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { describe } from 'vitest'

const usual = [
  // Chromium without the window that nobody sees: the same engine, for a sixth less of the tests' time.
  '/usr/bin/chromium-headless-shell',
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
      'Install Debian’s (apt-get install chromium-headless-shell), or any Chrome, and name it with CHROMIUM_PATH=/path/to/it.',
      '',
    ].join('\n'),
  )
}

/** `describe` for tests that need the browser; without one they are left out, and said to be. */
export const describeInBrowser = found === null ? describe.skip : describe

/**
 * Parts of a browser's own window that are pages themselves, each a process for each window of a test, where nobody sees them;
 * and a page kept ready for the next address. Chromium takes the last list of this name, so what Playwright turns off and
 * could matter here is named again.
 */
const withoutFeatures = [
  'InitialWebUI',
  'PreloadTopChromeWebUI',
  'WebUILocationBar',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'WebUIOmniboxPopup',
  'WebUIReloadButton',
  'WebUIToolbar',
  'SpareRendererForSitePerProcess',
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades'],
  ...['HttpsFirstBalancedModeAutoEnable', 'MediaRouter', 'OptimizationHints', 'PaintHolding'],
  ...['NetworkTimeServiceQuerying', 'ThirdPartyStoragePartitioning', 'PreconnectToSearch'],
]

let launched: Promise<Browser> | undefined

/**
 * The browser of this worker, for all files that run in it: whoever opens a context in it closes that. To start one takes as much
 * as some tests. It ends with the worker.
 */
export function chromiumOfWorker(): Promise<Browser> {
  if (found === null) throw new Error('There is no Chromium.')
  launched ??= launch(found)
  return launched
}

/** One that did not start, or that is gone, is not kept: the next file has another. */
function launch(executablePath: string): Promise<Browser> {
  const browser = chromium.launch({
    executablePath,
    args: [
      // Containers have neither the namespaces of its sandbox nor a large /dev/shm.
      ...['--no-sandbox', '--disable-dev-shm-usage'],
      // There is none, and to draw as if there were one takes longer than to draw.
      '--disable-gpu',
      `--disable-features=${withoutFeatures.join()}`,
    ],
  })
  const forget = (): void => {
    if (launched === browser) launched = undefined
  }
  browser.then((started) => started.on('disconnected', forget), forget)
  return browser
}
