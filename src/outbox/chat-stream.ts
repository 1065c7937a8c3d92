/**
 * Shows a person in a chat that their answer is being written: "typing…" when it takes a moment, then a placeholder that
 * is edited as the text grows. The placeholder is a delivery without its final text, so that the answer becomes its last
 * edit; its receipt is on disk before the first edit. All of this is courtesy: what fails is skipped, and the finish
 * commit decides what is sent in the end.
 */
import type { Clock } from '../clock.ts'
import type { SendFailure } from '../connector.ts'
import { addressOf, type Destination } from '../session.ts'
import type { ClaimedTask, Settlement, Storage } from '../storage.ts'
import type { Account } from './accounts.ts'
import { failureOf } from './failure.ts'
import type { Outbox } from './outbox.ts'
import { splitText } from './split.ts'

/** A quick answer needs no typing sign, and saves its call. */
const typingAfterMs = 500
/** Platforms take the sign away after about 5 s (core.telegram.org/bots/api#sendchataction). */
const typingEveryMs = 4_500
/** Faster edits than this are not seen as such, and count against the platform's limits all the same. */
const editEveryMs = 1_000

export interface ChatStreamPorts {
  outbox: Outbox
  storage: Pick<Storage, 'post' | 'place' | 'settle'>
  clock: Clock
  /** Takes the values of secrets out of a text that a platform wrote. */
  hide(text: string): string
}

export interface ChatDraft {
  id: string
  part: number
  target: string | null
}

export interface ChatStream {
  /**
   * Ends it; resolves when it is known where the placeholder stands. `draft` is the placeholder, if one was written. A
   * reservation is handed over once, to whoever closes first.
   */
  close(): Promise<{ draft: ChatDraft | null; reserved: boolean }>
}

/** `writtenSoFar` is what the model has written. */
export function openChatStream(
  task: ClaimedTask,
  place: Destination,
  account: Account,
  writtenSoFar: () => string,
  ports: ChatStreamPorts,
): ChatStream {
  const { clock, outbox } = ports
  const { supports } = account.connector
  const destination = addressOf(place)
  let draft: ChatDraft | null = task.draft
  let reserved = false
  let open = true
  /** The placeholder on its way: until it stands somewhere, nobody can say what the answer edits. */
  let posting: Promise<void> | null = null
  // Made when it is needed: most answers are there before anything pauses.
  let end: AbortController | null = null

  function pause(ms: number): Promise<void> {
    if (!open) throw closed
    end ??= new AbortController()
    return clock.sleep(ms, end.signal)
  }

  async function showTyping(): Promise<void> {
    for (;;) {
      const open = account.gate.openAt(place.conversation, clock.now()) === 0
      if (open) await attempt(outbox.perform({ type: 'typing', destination: place }, 'typing'))
      await pause(typingEveryMs)
    }
  }

  async function showText(placeholder: string): Promise<void> {
    reserved = outbox.reserve(destination)
    if (!reserved) return // something else is on its way there; the answer will follow it
    let shown = slice(writtenSoFar()) || placeholder
    if (draft === null) {
      posting = post(shown)
      await posting
    }
    for (;;) {
      await pause(Math.max(editEveryMs, account.gate.openAt(place.conversation, clock.now()) - clock.now()))
      const text = slice(writtenSoFar())
      const target = draft?.target ?? null
      if (text === '' || text === shown || target === null) continue
      account.gate.count(place.conversation, clock.now())
      const edit = { type: 'edit', destination: place, target, parts: [{ type: 'text' as const, text }] } as const
      if (await attempt(outbox.edit(edit, `${task.id}/${task.parts}`))) shown = text
    }
  }

  async function post(text: string): Promise<void> {
    const part = task.parts
    const key = `${task.id}/${part}`
    const id = clock.id()
    const parts = [{ type: 'text' as const, text }]
    const [delivery] = await ports.storage.post(
      [{ id, key, task: task.id, message: null, part, kind: 'answer', destination, body: [], state: 'sending' }],
      clock.now(),
    )
    if (delivery === undefined) return
    draft = { id: delivery.id, part, target: null }
    account.gate.count(place.conversation, clock.now())
    try {
      // A key of its own: a platform that knows keys would else take the answer for the placeholder again.
      const operation = { type: 'post', destination: place, parts } as const
      const { target } = await outbox.perform(operation, `${key}/placeholder`)
      await ports.storage.place(delivery.id, target)
      draft.target = target
    } catch (error) {
      const failure = failureOf(error, ports.hide)
      obey(failure)
      const record = { code: 'connector_failed', message: failure.message } as const
      // If it may stand in the chat for good, that is counted, like any send of unknown outcome.
      const again = { nextAt: clock.now(), error: record }
      const settlement: Settlement =
        failure.type === 'uncertain' ? { type: 'uncertain', counted: true, ...again } : { type: 'retrying', ...again }
      await ports.storage.settle(delivery, settlement, clock.now())
    }
  }

  async function attempt(courtesy: Promise<unknown>): Promise<boolean> {
    try {
      await courtesy
      return true
    } catch (error) {
      obey(failureOf(error, ports.hide))
      return false
    }
  }

  function obey(failure: SendFailure): void {
    if (failure.type !== 'not-sent' || failure.retryAfterMs === undefined) return
    const now = clock.now()
    account.gate.close(place.conversation, now + failure.retryAfterMs, now)
  }

  function slice(text: string): string {
    return text.length <= supports.textLimit ? text.trim() : (splitText(text, supports.textLimit)[0] ?? '')
  }

  const { streaming } = supports
  // How both end: `close` aborts their sleeps, or a write failed.
  const over = (): void => {}
  // Most answers are there before either is due: until then there is nothing but two timers.
  const cancelTyping = supports.typing
    ? // Nobody waits for the sign: one that arrives after the answer does no harm.
      clock.after(typingAfterMs, () => void showTyping().catch(over))
    : over
  const cancelText =
    streaming !== null && supports.edits
      ? clock.after(streaming.placeholderAfterMs, () => {
          void showText(streaming.placeholder).catch(over)
        })
      : over
  return {
    async close() {
      cancelTyping()
      cancelText()
      open = false
      end?.abort(closed)
      // An edit under way is not waited for: the outbox sends nothing there before it has ended.
      if (posting !== null) await posting.catch(over)
      const held = reserved
      reserved = false
      return { draft, reserved: held }
    },
  }
}

/** A reason of its own, since making the standard one costs more than the rest of a quick answer's stream. */
const closed = new Error('The chat stream was closed.')
