import type { Asyncv, Receipted, Reply, SendInput, SendOptions } from '../api.ts'
import type { ResolvedOptions } from '../config/resolve.ts'
import { type FromCaller, fromCaller } from '../inbox/caller.ts'
import { acceptFromCaller } from '../inbox/from-caller.ts'
import type { Taken } from '../inbox/inbox.ts'
import { follow } from '../run/follow.ts'
import type { Runtime } from '../runtime.ts'
import { callerSession } from '../session.ts'
import { known } from './known.ts'
import { answerGone, keyUsed } from './reused-key.ts'

/** A caller's message is taken in, and the answer is waited for, or not. */
export function asking({
  running,
  options: resolved,
}: {
  running(): Runtime
  options: ResolvedOptions
}): Pick<Asyncv, 'send' | 'stream' | 'accept' | 'reply'> {
  const { clock } = resolved

  function checked(input: SendInput, open: Runtime): FromCaller {
    open.inbox.checkHeld()
    return fromCaller(input, { agents: resolved.agents, newId: () => clock.id() })
  }

  /** Waiting begins with this, before the task can end. Null: nobody needs to hear of deltas. */
  function waiting(task: string | null, open: Runtime, { replyTimeoutMs, signal }: SendOptions) {
    return follow(task, open, { clock, replyTimeoutMs: replyTimeoutMs ?? resolved.replyTimeoutMs, signal })
  }

  async function receipt(taken: Taken, session: string, input: SendInput, open: Runtime): Promise<Receipted> {
    const { message, task, duplicate, sameBody } = taken
    if (!sameBody) throw keyUsed(input.idempotencyKey)
    if (task === null) throw answerGone(input.idempotencyKey)
    if (!duplicate || input.session !== undefined) return { task, session, message, duplicate }
    // The first call's conversation was a new one; its id is the answer to this call as well.
    const first = await open.storage.task(task)
    const found = first === null ? null : await open.storage.session(first.session)
    return { task, session: found === null ? session : callerSession(found.address), message, duplicate }
  }

  return {
    async accept(input) {
      const open = running()
      const { incoming, session } = checked(input, open)
      return receipt(await acceptFromCaller(incoming, open), session, input, open)
    },

    async send(input, options = {}): Promise<Reply> {
      const open = running()
      const { incoming, session } = checked(input, open)
      const following = waiting(incoming.task, open, options)
      try {
        const receipted = await receipt(await acceptFromCaller(incoming, open), session, input, open)
        options.onAccepted?.(receipted)
        return { ...receipted, ...(await following.answer(receipted.task)) }
      } finally {
        following.leave()
      }
    },

    async *stream(input, options = {}) {
      const open = running()
      const { incoming, session } = checked(input, open)
      const following = waiting(incoming.task, open, options)
      try {
        const receipted = await receipt(await acceptFromCaller(incoming, open), session, input, open)
        yield { type: 'task.accepted', ...receipted }
        for await (const event of following.events(receipted.task)) {
          yield event.type === 'ended' ? { type: 'task.finished', ...receipted, ...event.answer } : event
        }
      } finally {
        following.leave()
      }
    },

    async reply(id, options = {}) {
      const open = running()
      const { storage } = open
      const task = await known('task', id, storage.task(id))
      const { address } = await known('session', task.session, storage.session(task.session))
      const message = (await storage.messageOf(id)) ?? ''
      const receipted = { task: id, session: callerSession(address), message, duplicate: task.state !== 'queued' }
      const following = waiting(null, open, options)
      try {
        return { ...receipted, ...(await following.answer(id)) }
      } finally {
        following.leave()
      }
    },
  }
}
