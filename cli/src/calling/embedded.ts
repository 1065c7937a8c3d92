import { randomUUID } from 'node:crypto'
import { AsyncvError, createAsyncv } from 'asyncv'
import { type Conversation, type ConversationOptions, toError } from './conversation.ts'
import type { Environment } from '../settings/environment.ts'
import { loadSettings } from '../settings/settings.ts'
import { words } from '../words/spoken.ts'

/** A conversation with an agent in this process, when no service runs here. Default agent: the first. */
export async function embedded(
  { agent: named, session = randomUUID() }: Partial<ConversationOptions>,
  environment: Environment,
): Promise<Conversation> {
  const settings = await loadSettings({}, environment)
  // A chat that was opened to talk must not take over the bots of the configuration.
  const asyncv = createAsyncv({ ...settings.asyncv, connectors: {}, routes: [] })
  await asyncv.start()
  const agent = named ?? settings.agents[0] ?? 'assistant'
  return {
    introduction: [words.chat.talkingHere(agent), ...settings.story],
    async *say(text, signal) {
      let task: string | null = null
      const cancel = (): void => {
        // One that has ended meanwhile, or a runtime that has: then there is nothing to cancel.
        if (task !== null) asyncv.cancel(task).catch(() => {})
      }
      signal.addEventListener('abort', cancel, { once: true })
      try {
        for await (const event of asyncv.stream({ agent, session, text })) {
          if (event.type === 'task.accepted') task = event.task
          if (event.type === 'task.accepted' && signal.aborted) cancel()
          yield event
        }
      } catch (error) {
        yield error instanceof AsyncvError && error.code === 'cancelled' ? { type: 'cancelled' } : toError(error)
      } finally {
        signal.removeEventListener('abort', cancel)
      }
    },
    // Whoever leaves has the answer, or wants it no more; what else was under way goes on with the next start.
    close: () => asyncv.stop({ drainMs: 0 }),
  }
}
