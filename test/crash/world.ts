import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ChatRequest, type FakeModel, fakeModel, type Reply, wordsOf } from '@asyncv/openai/testing'
import { type FakeTelegram, fakeTelegram } from '@asyncv/telegram/testing'
import { type Ledger, startLedger } from './ledger.ts'
import type { Victim } from './victim.ts'

const token = '42:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

/** One message, by the word that stands for it: the model answers with the words of what it read. */
export interface Said {
  chat: number
  word: string
}

/** A request over HTTP, and what came of it in the end. */
export interface Posted {
  key: string
  word: string
  tasks: Set<string>
  answers: Set<string>
}

/**
 * Everything around the process that dies: people, the chat platform, the model, what the tools change. It survives, and
 * keeps the ledgers that the process is judged by.
 */
export class World {
  readonly said: Said[] = []
  readonly commands: number[] = []
  readonly posted: Posted[] = []
  readonly env: Record<string, string>
  victim: Victim | null = null
  #word = 0
  #over = false

  private constructor(
    readonly telegram: FakeTelegram,
    readonly model: FakeModel,
    readonly ledger: Ledger,
    readonly home: string,
  ) {
    this.env = {
      WORLD_MODEL: model.url,
      WORLD_TELEGRAM: telegram.url,
      WORLD_TOKEN: token,
      WORLD_LEDGER: ledger.url,
      ASYNCV_HOME: home,
    }
  }

  static async create(): Promise<World> {
    const home = mkdtempSync(join(tmpdir(), 'asyncv-crash-'))
    const model = await fakeModel({ reply: answerTo })
    return new World(await fakeTelegram({ token }), model, await startLedger(), home)
  }

  /** A person writes to the bot. The kind of message decides what the model does with it. */
  say(chat: number, kind: 'plain' | 'stream' | 'tool' | 'also'): void {
    const word = this.#nextWord()
    this.said.push({ chat, word })
    this.telegram.say(chat, `${kind} ${word}`)
  }

  /** Somebody writes in a group: nothing for the bot, which takes note all the same. */
  sayAside(): void {
    this.telegram.say(-5, 'not for the bot')
  }

  command(chat: number, command: string): void {
    this.commands.push(chat)
    this.telegram.say(chat, command)
  }

  /** An API caller who repeats the request until it is answered, as one has to. */
  async post(key: string, kind: 'plain' | 'stream'): Promise<void> {
    const known = this.posted.find((posted) => posted.key === key)
    const posted = known ?? { key, word: this.#nextWord(), tasks: new Set(), answers: new Set() }
    if (known === undefined) this.posted.push(posted)
    await this.#insist(async (url) => {
      const response = await send(url, key, `${kind} ${posted.word}`, {})
      if (!response.ok) return false
      const { task, reply } = (await response.json()) as { task: string; reply: { text: string } }
      posted.tasks.add(task)
      posted.answers.add(reply.text)
      return true
    })
  }

  /** An API caller who changes their mind. */
  async cancelled(key: string, kind: 'stream'): Promise<void> {
    const word = this.#nextWord()
    await this.#insist(async (url) => {
      const response = await send(url, key, `${kind} ${word}`, { Prefer: 'respond-async' })
      if (!response.ok) return false
      const { task } = (await response.json()) as { task: string }
      const cancelled = await fetch(`${url}/v1/tasks/${task}/cancel`, { method: 'POST' })
      return cancelled.ok
    })
  }

  /** Resolves when `count` messages have their answers in the chats, or the process is dead. */
  async answered(count: number): Promise<void> {
    await this.#until(() => this.said.filter((said) => this.answersTo(said).length > 0).length >= count)
  }

  /** Resolves when a tool is looking. */
  async looking(): Promise<void> {
    const before = this.ledger.looks
    await this.#until(() => this.ledger.looks > before)
  }

  /** The places in a chat where a message is answered, as it stands now. */
  answersTo({ chat, word }: Said): number[] {
    const shown = this.telegram.chat(chat)
    return [...shown.keys()].filter((at) => {
      const { text = '', from } = shown[at] ?? {}
      return from === 'bot' && text.split(/\W+/).includes(word)
    })
  }

  get finished(): boolean {
    const answered = this.said.every((said) => this.answersTo(said).length > 0)
    const greeted = this.commands.every((chat) =>
      this.telegram.chat(chat).some(({ from, text }) => from === 'bot' && text.includes('/stop')),
    )
    return answered && greeted && this.posted.every(({ answers }) => answers.size > 0)
  }

  async close(): Promise<void> {
    this.#over = true
    if (this.victim !== null && !this.victim.dead) await this.victim.kill()
    await Promise.all([this.telegram.close(), this.model.close()])
    this.ledger.close()
    rmSync(this.home, { recursive: true, force: true })
  }

  #nextWord(): string {
    return `w${++this.#word}`
  }

  async #until(met: () => boolean): Promise<void> {
    while (!met() && !this.#over && this.victim?.dead === false) await sleep(5)
  }

  /** Repeats a call, also over the death of the process and its successor's start. */
  async #insist(call: (url: string) => Promise<boolean>): Promise<void> {
    while (!this.#over) {
      const { victim } = this
      const done = victim === null || victim.dead ? false : await call(victim.url).catch(() => false)
      if (done) return
      await sleep(20)
    }
  }
}

function send(url: string, key: string, text: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${url}/v1/agents/helper/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, ...headers },
    body: JSON.stringify({ session: key, text }),
    signal: AbortSignal.timeout(15_000),
  })
}

/** The model: calls both tools where it is asked to, and answers with the words of all it has not answered yet. */
function answerTo({ messages }: ChatRequest): Reply {
  const answered = messages.findLastIndex(({ role, tool_calls: calls }) => role === 'assistant' && calls === undefined)
  const open = messages.slice(answered + 1)
  const asked = open.filter(({ role }) => role === 'user').map(wordsOf)
  const words = asked.map((text) => text.split(' ')[1] ?? '')
  const called = open.some(({ role }) => role === 'tool')
  if (!called && asked[0]?.startsWith('tool')) {
    const args = { seat: words[0] }
    return {
      toolCalls: [
        { name: 'book', args },
        { name: 'look', args },
      ],
    }
  }
  const text = `This answers ${words.join(' and ')}.`
  return asked.some((said) => said.startsWith('stream'))
    ? { text, chunks: inPieces(text, 5), chunkDelayMs: 180 }
    : { text }
}

function inPieces(text: string, count: number): string[] {
  const size = Math.ceil(text.length / count)
  return Array.from({ length: count }, (_, n) => text.slice(n * size, (n + 1) * size))
}
