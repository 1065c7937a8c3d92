import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { BrowserContext, Page } from 'playwright-core'
import { onTestFinished, TestRunner } from 'vitest'
import { type OpenedStudio, openStudio } from '../src/studio.fixture.ts'
import type { StudioOptions } from '../src/options.ts'
import { chromiumOfWorker } from './chromium.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface Looks {
  theme?: 'light' | 'dark'
  language?: 'en' | 'zh'
  /** px; default 1280. */
  width?: number
}

export interface StudioInBrowser {
  service: OpenedStudio
  /** The one-time link of the first run, whole. */
  firstRunLink: string
  /**
   * A new window, without cookies unless they are given. What goes wrong in its console is in `mistakes`. One that a test opens
   * is closed at its end: it would go on following what happens.
   */
  open(path: string, looks?: Looks, signedIn?: Account): Promise<Page>
  /** Errors of scripts and of the content security policy, in all windows so far. */
  mistakes: string[]
  close(): Promise<void>
}

export interface Account {
  login: string
  password: string
}

export const admin = { name: 'Ada Lovelace', login: 'ada', password: 'correct horse battery' }

/** A Studio with a database of its own, and a browser. Close it in `afterAll`. */
export async function openStudioInBrowser(options: Partial<StudioOptions> = {}): Promise<StudioInBrowser> {
  const service = await openStudio(options)
  const browser = await chromiumOfWorker()
  const mistakes: string[] = []
  const firstRunLink = `${service.url}${await service.studio.firstRunPath()}`
  const contexts: BrowserContext[] = []
  return {
    service,
    firstRunLink,
    mistakes,
    async open(path, { theme = 'light', language = 'en', width = 1280 } = {}, signedIn) {
      const context = await browser.newContext({
        locale: language === 'zh' ? 'zh-CN' : 'en-GB',
        colorScheme: theme,
        viewport: { width, height: width < 600 ? 844 : 800 },
        reducedMotion: 'reduce',
        baseURL: service.url,
      })
      if (TestRunner.getCurrentTest() === undefined) contexts.push(context)
      else onTestFinished(() => context.close())
      if (signedIn) await signIn(context, service.url, signedIn)
      const page = await context.newPage()
      page.setDefaultTimeout(10_000)
      page.on('pageerror', (error) => mistakes.push(String(error)))
      page.on('console', (message) => {
        if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) mistakes.push(message.text())
      })
      await page.goto(path)
      return page
    },
    async close() {
      await Promise.all(contexts.map((context) => context.close()))
      await service.close()
    },
  }
}

/** Makes the first account, the administrator, by the API. */
export async function makeFirstAccount({ service, firstRunLink }: StudioInBrowser): Promise<void> {
  await post(service.url, '/api/first-run', { token: firstRunLink.split('#')[1], ...admin })
}

async function signIn(context: BrowserContext, url: string, { login, password }: Account): Promise<void> {
  const answer = await context.request.post(`${url}/api/sign-in`, {
    data: { login, password },
    headers: { origin: url },
  })
  if (!answer.ok()) throw new Error(`Signing in as ${login} failed: ${await answer.text()}`)
}

async function post(url: string, path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

/** What axe finds against WCAG 2.2 AA on the page as it is now, a line each; empty is what it has to be. */
export async function findBarriers(page: Page): Promise<string[]> {
  // By the debugger, since the content security policy lets no script in by other ways.
  if (await page.evaluate(() => !('axe' in globalThis))) await page.evaluate(axe)
  // What is half faded in has half its contrast.
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
        .map(({ finished }) => finished),
    ),
  )
  const { violations } = await page.evaluate(
    () =>
      (globalThis as unknown as { axe: { run(context: object, options: object): Promise<AxeResults> } }).axe.run(
        // Base UI's guards take the focus only to hand it on, so that it stays in what floats.
        { exclude: ['[data-base-ui-focus-guard]'] },
        {
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
          // It looks at the same, and does not describe each place where nothing is wrong.
          resultTypes: ['violations'],
        },
      ) as Promise<AxeResults>,
  )
  return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')}: ${one.help}`))
}

const shots = join(tmpdir(), 'asyncv-studio-screenshots')

/** Keeps how a page looks, for people: `<temp>/asyncv-studio-screenshots/<name>.png`. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(shots, { recursive: true })
  await page.screenshot({ path: join(shots, `${name}.png`) })
}

/** The same where pictures are asked for, by STUDIO_SHOTS: no test looks at them, and they take a tenth of its time. */
export async function shootWhenAsked(page: Page, name: string): Promise<void> {
  if (process.env['STUDIO_SHOTS'] !== undefined) await shoot(page, name)
}
