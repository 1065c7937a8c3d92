import { defineTool, type Provider } from 'asyncv'
import { z } from 'zod'
import { openService, type Service } from './service.fixture.ts'

export interface Steered extends Service {
  /** Resolves when the first task of the agent `busy` is in its tool, where messages of its session wait to be taken up. */
  working: Promise<void>
  /** Lets the tool end, so that what waits is taken up. */
  takeUp(): void
  /** Lets the model answer, what was taken up too. */
  answer(): void
}

/** A service whose agent `busy` takes up what comes in while it works. */
export async function openSteered(): Promise<Steered> {
  const [working, taking, answering] = [gate(), gate(), gate()]
  const wait = defineTool({
    name: 'wait',
    description: 'Waits',
    input: z.object({}),
    effect: 'read',
    async run() {
      working.open()
      await taking.opened
    },
  })
  const busy: Provider = {
    async *stream({ messages }, { signal }) {
      if (!messages.some(({ role }) => role === 'tool')) {
        yield { type: 'tool.call', callId: 'c', name: 'wait', args: {} }
        yield { type: 'finish', reason: 'tool-calls' }
        return
      }
      await Promise.race([
        answering.opened,
        new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())),
      ])
      if (signal.aborted) return
      yield { type: 'text.delta', text: 'both answered' }
      yield { type: 'usage', inputTokens: 7, outputTokens: 3 }
      yield { type: 'finish', reason: 'stop' }
    },
  }
  const agents = [{ name: 'busy', model: 'busy/m', tools: [wait], whenBusy: 'steer' as const }]
  const service = await openService({ busy }, { agents })
  return { ...service, working: working.opened, takeUp: taking.open, answer: answering.open }
}

function gate(): { opened: Promise<void>; open(): void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open() }
}
