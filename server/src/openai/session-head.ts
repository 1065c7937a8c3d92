/** What OpenAI's protocol has no word for, in headers of ours: the task, and the conversation to go on with. */
import type { Receipted, SendInput } from 'asyncv'
import { Problem } from '../problem.ts'
import type { AskOptions } from '../service/caller.ts'

/**
 * What becomes of the task when its client leaves. Without a key nobody can ask for the answer again, so nobody needs it;
 * with one the task goes on.
 */
export function leaving({ idempotencyKey }: SendInput, signal: AbortSignal): AskOptions {
  return { signal, cancelOnAbort: idempotencyKey === undefined }
}

/** As `headOf` writes it. */
export function sessionIn(head: string | undefined): string | undefined {
  try {
    return head === undefined ? undefined : decodeURIComponent(head)
  } catch {
    throw new Problem('input_invalid', `X-Asyncv-Session is ${JSON.stringify(head)}.`, {
      hint: 'Send it as an answer had it: with percent signs for what is no letter or digit.',
    })
  }
}

export function headOf({ task, session }: Receipted): Record<string, string> {
  // A session is the caller's word, and a head holds only some characters.
  return { 'X-Asyncv-Task': task, 'X-Asyncv-Session': encodeURIComponent(session) }
}
