import { createInterface } from 'node:readline/promises'
import colors from 'picocolors'
import { type Conversation, overHttp } from '../calling/conversation.ts'
import { CommandError } from '../failure.ts'
import { clean, cleanLine } from '../terminal/clean.ts'
import type { Flags } from '../tree/command.ts'
import { findConfig, readConfig } from '../settings/read-config.ts'
import { findService } from '../calling/service.ts'
import { words } from '../words/spoken.ts'

/** `asyncv chat`: a conversation in the terminal, or, in a pipe, an answer for each line. */
export async function run(flags: Flags): Promise<void> {
  const conversation = await begin(flags)
  const interactive = process.stdin.isTTY && process.stdout.isTTY
  if (interactive && flags['quiet'] !== true) {
    const lines = [...conversation.introduction, words.chat.stops]
    process.stderr.write(`${lines.map(paint.dim).join('\n')}\n\n`)
  }
  const leave = (_: string, number: number): void => void conversation.close().finally(() => process.exit(128 + number))
  process.on('SIGTERM', leave)
  // In a terminal the key is read as a key.
  if (!interactive) process.on('SIGINT', leave)
  try {
    await talk(conversation, interactive)
  } finally {
    process.off('SIGTERM', leave)
    process.off('SIGINT', leave)
    await conversation.close()
    const farewell = flags['quiet'] === true ? [] : (conversation.farewell?.() ?? [])
    // What comes next begins a line of its own.
    const end = `${interactive ? '\n' : ''}${farewell.map((line) => `${paint.dim(line)}\n`).join('')}`
    process.stderr.write(end)
  }
}

async function begin(flags: Flags): Promise<Conversation> {
  const agent = flags['agent'] as string | undefined
  const session = flags['session'] as string | undefined
  const draft = flags['draft'] as string | undefined
  if (draft !== undefined) {
    if (session !== undefined) throw new CommandError(words.chat.draftSession, words.chat.draftSessionHint, 2)
    const { drafted } = await import('../release/draft.ts')
    return drafted(draft, flags)
  }
  const service = await findService(flags, process.env)
  if (service !== null) return overHttp(service, { agent: agent ?? (await firstAgent()), session })
  // Loaded when it is needed: it is the whole library.
  const { embedded } = await import('../calling/embedded.ts')
  return embedded({ ...(agent === undefined ? {} : { agent }), session }, process.env)
}

/** The first of the configuration, which the service that runs here has as well; as `start` names it without one. */
async function firstAgent(): Promise<string> {
  const file = findConfig(undefined, process.env)
  if (file === null) return 'assistant'
  // Talking to a service does not need a file that can be loaded.
  const config = await readConfig(file).catch(() => null)
  const { agents } = Object(config) as { agents?: { name?: unknown }[] }
  return String(agents?.[0]?.name ?? 'assistant')
}

const paint = colors.createColors(colors.isColorSupported && process.stdout.isTTY)

async function talk(conversation: Conversation, interactive: boolean): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: interactive })
  let answering: AbortController | null = null
  let open = true
  lines.on('close', () => {
    open = false
  })
  lines.on('SIGINT', () => {
    if (answering === null) return lines.close()
    // Told once and still waiting: who asks again wants to leave. 128 + SIGINT, as shells count it.
    if (answering.signal.aborted) return void conversation.close().finally(() => process.exit(130))
    answering.abort()
  })
  const prompt = (): void => {
    // Closed by Ctrl-D while an answer was being written, it takes no prompt any more.
    if (!interactive || !open) return
    lines.setPrompt(paint.cyan('› '))
    lines.prompt()
  }
  prompt()
  for await (const line of lines) {
    if (line.trim() !== '') {
      answering = new AbortController()
      await answer(conversation, line, answering.signal, interactive)
      answering = null
    }
    prompt()
  }
}

/** Shows an answer as it is written; in a pipe what counts is the answer, so it is printed when it is done. */
async function answer(
  conversation: Conversation,
  text: string,
  signal: AbortSignal,
  interactive: boolean,
): Promise<void> {
  let written = ''
  let step = 0
  for await (const event of conversation.say(text, signal)) {
    switch (event.type) {
      case 'text.snapshot':
      case 'text.delta':
        if (!interactive) break
        if (written !== '' && event.n !== step) process.stdout.write('\n')
        step = event.n
        written += event.text
        process.stdout.write(clean(event.text))
        break
      case 'text.reset':
        if (interactive) process.stdout.write(paint.dim(` ${words.chat.again} `))
        break
      case 'tool.started':
        process.stderr.write(
          `${paint.dim(`${written === '' ? '' : '\n'}⚙ ${cleanLine(`${event.name}(${JSON.stringify(event.args)})`)}`)}\n`,
        )
        break
      case 'task.finished':
      case 'preview.finished':
        if (!written.endsWith(event.text)) process.stdout.write(process.stdout.isTTY ? clean(event.text) : event.text)
        break
      case 'error':
        process.stderr.write(
          `${paint.red(clean(event.message))}${event.hint === undefined ? '' : paint.dim(`\n  ${clean(event.hint)}`)}${interactive ? '' : '\n'}`,
        )
        process.exitCode = 1
        break
      case 'cancelled':
        process.stderr.write(paint.dim(` ${words.chat.stopped}`))
        break
    }
  }
  process.stdout.write('\n')
}
