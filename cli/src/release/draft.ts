import type { Earlier, PreviewEvent, Usage } from 'asyncv'
import { type Conversation, type Said, toError } from '../calling/conversation.ts'
import { CommandError } from '../failure.ts'
import { Refused } from '../calling/management.ts'
import { forgetConfigs } from '../settings/read-config.ts'
import { readEvents } from '../calling/sse.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'
import { openReleaseDesk } from './desk.ts'
import { readReleaseFile } from './file.ts'
import { describeProblems } from './place.ts'

/** How much of a conversation is sent along: as much as the service takes. */
const remembered = 200

/** A conversation with an agent of a file that is not deployed. The file is read anew for each message; nothing is kept or sent. */
export async function drafted(file: string, flags: Flags): Promise<Conversation> {
  const { management } = await openReleaseDesk(flags)
  const first = await readReleaseFile(file)
  const agent = (flags['agent'] as string | undefined) ?? nameOfFirst(first.document)
  let history: Earlier[] = []
  const spent: Usage = { inputTokens: 0, outputTokens: 0 }

  async function* answered(text: string, signal: AbortSignal): AsyncGenerator<Said> {
    forgetConfigs()
    const { document, problems, ...given } = await readReleaseFile(file)
    if (problems.length > 0) {
      const lines = describeProblems(given, problems)
      yield { type: 'error', message: [words.deploy.notPortable(file), ...lines].join('\n  ') }
      return
    }
    const body = { document, agent, text, history: history.slice(-remembered) }
    const stream = await management.follow('/preview', {}, { body, signal }).catch((error: unknown) => {
      if (!(error instanceof Refused) || error.problems.length === 0) throw error
      const lines = describeProblems(given, error.problems)
      throw new CommandError([words.deploy.refused, ...lines].join('\n  '), error.hint, 1)
    })
    for await (const { event, data } of readEvents(stream)) {
      const told = JSON.parse(data) as PreviewEvent
      if (event === 'error') yield toError(told)
      else yield told as Said
      if (told.type !== 'preview.finished') continue
      history = [...history, { role: 'user', text }, { role: 'assistant', text: told.text }]
      spent.inputTokens += told.usage.inputTokens
      spent.outputTokens += told.usage.outputTokens
    }
  }

  return {
    introduction: [words.chat.draft(agent, file), words.chat.draftNote, words.chat.draftReads],
    async *say(text, signal) {
      try {
        yield* answered(text, signal)
      } catch (error) {
        if (signal.aborted) yield { type: 'cancelled' }
        else if (error instanceof CommandError) yield { type: 'error', message: error.message, hint: error.hint }
        else yield { type: 'error', message: words.chat.draftGone, hint: words.service.tryAgain }
      }
    },
    farewell: () => [words.chat.draftCost(spent.inputTokens, spent.outputTokens)],
    close: async () => {},
  }
}

function nameOfFirst(document: Readonly<Record<string, unknown>>): string {
  const { agents } = document as { agents?: { name?: unknown }[] }
  return String(agents?.[0]?.name ?? '')
}
