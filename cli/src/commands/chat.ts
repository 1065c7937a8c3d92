import { createInterface } from 'node:readline/promises'
import colors from 'picocolors'
import { type Conversation, embedded, overHttp } from '../conversation.ts'
import type { Flags } from '../program.ts'
import { findService } from '../service.ts'

/** `asyncv chat`: a conversation in the terminal, or, in a pipe, an answer for each line. */
export async function run(flags: Flags): Promise<void> {
  const url = await findService(flags['url'], process.env)
  const options = { agent: flags['agent'] as string | undefined, session: flags['session'] as string | undefined }
  const conversation = url === null ? await embedded(options, process.env) : overHttp(url, options)
  const interactive = process.stdin.isTTY && process.stdout.isTTY
  if (interactive)
    process.stderr.write(
      `${paint.dim(`Talking to ${conversation.partner}. Ctrl-C stops an answer, and leaves when there is none.`)}\n`,
    )
  try {
    await talk(conversation, interactive)
  } finally {
    await conversation.close()
  }
}

const paint = colors.createColors(colors.isColorSupported && process.stdout.isTTY)

async function talk(conversation: Conversation, interactive: boolean): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: interactive })
  let answering: AbortController | null = null
  lines.on('SIGINT', () => {
    if (answering === null) lines.close()
    else answering.abort()
  })
  const prompt = (): void => {
    if (!interactive) return
    lines.setPrompt(paint.cyan('› '))
    lines.prompt()
  }
  prompt()
  for await (const line of lines) {
    if (line.trim() !== '') {
      answering = new AbortController()
      await answer(conversation, line, answering.signal)
      answering = null
    }
    prompt()
  }
}

async function answer(conversation: Conversation, text: string, signal: AbortSignal): Promise<void> {
  let written = ''
  let step = 0
  for await (const event of conversation.say(text, signal)) {
    switch (event.type) {
      case 'text.snapshot':
      case 'text.delta':
        if (written !== '' && event.n !== step) process.stdout.write('\n')
        step = event.n
        written += event.text
        process.stdout.write(event.text)
        break
      case 'text.reset':
        process.stdout.write(paint.dim(' … again: '))
        break
      case 'tool.started':
        process.stderr.write(
          `${paint.dim(`${written === '' ? '' : '\n'}⚙ ${event.name}(${JSON.stringify(event.args)})`)}\n`,
        )
        break
      case 'task.finished':
        if (!written.endsWith(event.text)) process.stdout.write(event.text)
        break
      case 'error':
        process.stderr.write(
          `${paint.red(event.message)}${event.hint === undefined ? '' : paint.dim(`\n  ${event.hint}`)}`,
        )
        process.exitCode = 1
        break
      case 'cancelled':
        process.stderr.write(paint.dim(' (stopped)'))
        break
    }
  }
  process.stdout.write('\n')
}
