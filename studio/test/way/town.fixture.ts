import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type FakeModel, type FakeModelOptions, fakeModel } from '@asyncv/openai/testing'
import { type FakeTelegram, fakeTelegram } from '@asyncv/telegram/testing'
import type { BrowserContext, Page } from 'playwright-core'
import { commandPlace, type Place } from '../../../cli/src/command.fixture.ts'
import { freePort } from '../../../test/free-port.fixture.ts'
import { chromiumOfWorker } from '../chromium.ts'

/** A process of the command that runs until it is ended. */
export interface Running {
  child: ChildProcess
  url: string
  /** Everything that it printed. */
  stdout(): string
  /** SIGKILL, and the wait until it is gone. */
  kill(): Promise<void>
}

/**
 * What a person has who tries asyncv: a folder in which the command runs the runtime and Studio, each in a process of its
 * own; Telegram and a model service, both fakes of this machine; and a browser.
 */
export interface Town {
  place: Place
  telegram: FakeTelegram
  model: FakeModel
  /** Where the runtime listens, each time that it is started. */
  ports: { runtime: number; management: number; studio: number }
  startRuntime(): Promise<Running>
  startStudio(...args: string[]): Promise<Running>
  /** Runs `asyncv …` in the folder to its end, and gives what it printed. */
  asyncv(...args: string[]): Promise<string>
  /** A new window of somebody who has no cookies yet. */
  open(url: string, language?: 'en' | 'zh'): Promise<Page>
  /** Errors of scripts and of the content security policy, in all windows so far. */
  mistakes: string[]
  close(): Promise<void>
}

export async function openTown(reply: NonNullable<FakeModelOptions['reply']>): Promise<Town> {
  const place = commandPlace()
  const [telegram, model, browser, ...free] = await Promise.all([
    fakeTelegram(),
    fakeModel({ models: ['fake-model', 'large-model'], reply }),
    chromiumOfWorker(),
    freePort(),
    freePort(),
    freePort(),
  ])
  const [runtime, management, studio] = free
  const contexts: BrowserContext[] = []
  const mistakes: string[] = []
  return {
    place,
    telegram,
    model,
    mistakes,
    ports: { runtime, management, studio },
    startRuntime: () => started(place, ['start', '--port', `${runtime}`, '--management-port', `${management}`]),
    startStudio: (...args) => started(place, ['studio', '--port', `${studio}`, ...args]),
    async asyncv(...args) {
      // Without blocking this process, in which Telegram and the model are.
      const child = place.spawn(args)
      child.stdin?.end()
      const [stdout, stderr, [status]] = await Promise.all([
        text(child.stdout as Readable),
        text(child.stderr as Readable),
        once(child, 'exit'),
      ])
      if (status !== 0) throw new Error(`asyncv ${args.join(' ')} ended with ${status}: ${stderr}`)
      return stdout
    },
    async open(url, language = 'en') {
      const context = await browser.newContext({
        locale: language === 'zh' ? 'zh-CN' : 'en-GB',
        viewport: { width: 1280, height: 800 },
        reducedMotion: 'reduce',
      })
      contexts.push(context)
      const page = await context.newPage()
      page.setDefaultTimeout(30_000)
      page.on('pageerror', (error) => mistakes.push(String(error)))
      page.on('console', (message) => {
        // Studio is killed here, also in the middle of an answer.
        if (
          message.type() === 'error' &&
          !/status of [45]\d\d|ERR_(CONNECTION|SOCKET_NOT_CONNECTED|EMPTY|INCOMPLETE|CONTENT_LENGTH_MISMATCH)/.test(
            message.text(),
          )
        ) {
          mistakes.push(message.text())
        }
      })
      await page.goto(url)
      return page
    },
    async close() {
      await Promise.all(contexts.map((context) => context.close()))
      place.remove()
      await Promise.all([telegram.close(), model.close()])
    },
  }
}

/** Runs the command until it says where it is. */
async function started(place: Place, args: string[]): Promise<Running> {
  const child = place.spawn(args)
  let stdout = ''
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
      const [, found] = /running at (http:\S+)[\s\S]*Ctrl-C/.exec(stdout) ?? []
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`asyncv ${args.join(' ')} ended with ${code}: ${stderr}`)))
  })
  return {
    child,
    url,
    stdout: () => stdout,
    async kill() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
