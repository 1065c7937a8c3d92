import { text as textOf } from 'node:stream/consumers'
import { openClient, type Sent } from '../calling/client.ts'
import { CommandError } from '../failure.ts'
import { print, printJson, talk } from '../output.ts'
import { clean } from '../terminal/clean.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv send AGENT [TEXT]`: one message, one answer. Exit code 1 when the answer does not come in time. */
export async function run(flags: Flags, agent: string, given?: string): Promise<void> {
  const isGiven = given !== undefined && given !== '-'
  const text = isGiven ? given : process.stdin.isTTY ? '' : (await textOf(process.stdin)).trimEnd()
  if (text === '') throw new CommandError(words.send.noText, words.send.giveText, 2)
  const unfit = flags['idempotency-key'] !== undefined && !/^[\x20-\x7e]+$/.test(String(flags['idempotency-key']))
  if (unfit) throw new CommandError(words.send.keyForm, words.send.keyFormHint, 2)
  const client = await openClient(flags)
  const { session, async: noWait, 'when-busy': whenBusy, 'idempotency-key': key } = flags
  const path = `/v1/agents/${encodeURIComponent(agent)}/messages`
  const body = { text, ...(session === undefined ? {} : { session }), ...(whenBusy === undefined ? {} : { whenBusy }) }
  const headers = key === undefined ? {} : { 'Idempotency-Key': String(key) }
  const answer = noWait
    ? (await client.post<Sent>(path, 'task', body, { ...headers, Prefer: 'respond-async' })).answer
    : await client.send(path, body, headers)
  const { reply, message, task } = answer
  if (flags['json']) printJson(answer)
  else if (noWait) print(message)
  else if (reply !== undefined) print(process.stdout.isTTY ? clean(reply.text) : reply.text)
  if (reply === undefined && !noWait) throw new CommandError(words.send.later(task), words.send.howToLook(task), 1)
  talk(words.send.receipt(answer.session, message), flags)
}
