/** Asks Telegram for updates, without end. Each question confirms what was on disk before it, and nothing else. */
import { AsyncvError, backoff, systemClock } from 'asyncv'
import { z } from 'zod'
import { CallError } from './call-error.ts'
import { createIntake, offsetKey } from './intake.ts'
import { introduce, type IntroducePorts } from './introduce.ts'
import type { ResolvedOptions } from './options.ts'
import type { Bot } from './parse.ts'

export interface PollPorts extends IntroducePorts {
  options: ResolvedOptions
}

const batchSchema = z.array(z.looseObject({ update_id: z.int() }))

/** Polls until the signal is aborted, then resolves; never rejects. `bot` is null while Telegram could not be asked. */
export async function poll(bot: Bot | null, ports: PollPorts): Promise<void> {
  const { account, host, options, signal } = ports
  const takeIn = createIntake(ports)
  let known = bot
  let offset: number | null = null
  for (let failures = 0; !signal.aborted; ) {
    try {
      known ??= await introduce(ports)
      offset ??= Number(await host.state(account, offsetKey))
      const updates = await nextUpdates(offset, ports) // which also confirms all before `offset`
      await takeIn(updates, known)
      const last = updates.at(-1)
      // Not the highest id so far: ids begin anew after a week without updates (core.telegram.org/bots/api#update).
      if (last !== undefined) offset = last.update_id + 1
      if (failures > 0 || bot === null) host.health({ ok: true })
      failures = 0
    } catch (error) {
      if (signal.aborted) return
      failures += 1
      const { firstMs, maxMs } = options.backoff
      const waitMs = Math.max(backoff(failures, firstMs, maxMs), askedWait(error))
      const detail = adviceFor(error, account)
      host.logger.warn({ err: error, failures, waitMs }, detail)
      // One lost connection is no news; it is when the next one fails as well, or when nothing will help but a person.
      if (failures > 1 || failed(error, 401) || failed(error, 409)) host.health({ ok: false, detail })
      // A webhook was set behind our back: taken away when the bot introduces itself.
      if (failed(error, 409) && /webhook/i.test(error.message)) known = null
      await systemClock.sleep(waitMs, signal).catch(() => {}) // stopped; the loop sees it
    }
  }
}

async function nextUpdates(offset: number, { api, options, signal }: PollPorts): Promise<z.output<typeof batchSchema>> {
  const { pollMs } = options.timeouts
  const result = await api.call(
    'getUpdates',
    { offset, limit: 100, timeout: pollMs / 1_000, allowed_updates: ['message'] },
    { signal, holdMs: pollMs },
  )
  return batchSchema.parse(result)
}

function adviceFor(error: unknown, account: string): string {
  if (failed(error, 409)) {
    return `Telegram: another program takes the messages of ${account}. Stop it, or give each its own bot; trying again.`
  }
  if (error instanceof AsyncvError) return `${error.message} ${error.hint ?? ''} Trying again.`
  if (failed(error, 401))
    return `Telegram: the token of ${account} is not accepted any more. Get a new one from @BotFather.`
  return 'Telegram: no updates; trying again.'
}

function askedWait(error: unknown): number {
  return error instanceof CallError && error.failure.type === 'refused' ? (error.failure.retryAfterMs ?? 0) : 0
}

function failed(error: unknown, code: number): error is CallError {
  return error instanceof CallError && error.failure.type === 'refused' && error.failure.code === code
}
