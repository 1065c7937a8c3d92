import { AsyncvError } from '../errors.ts'
import type { FileKeeper } from '../files/keeper.ts'
import type { FromCaller } from './caller.ts'
import type { Inbox, Incoming, Taken } from './inbox.ts'

type Sent = FromCaller['incoming']

interface AcceptPorts {
  inbox: Pick<Inbox, 'accept' | 'repeated'>
  files: Pick<FileKeeper, 'partsOf'>
}

/** Takes in what a caller sent, with the files that it names. Most messages name none, and nothing is awaited for them. */
export function acceptFromCaller(incoming: Sent, { inbox, files }: AcceptPorts): Promise<Taken> {
  return isPlain(incoming) ? inbox.accept(incoming) : acceptWithFiles(incoming, { inbox, files })
}

function isPlain(incoming: Sent): incoming is Sent & Incoming {
  return incoming.parts.every(({ type }) => type === 'text')
}

async function acceptWithFiles(incoming: Sent, { inbox, files }: AcceptPorts): Promise<Taken> {
  try {
    const parts = await files.partsOf(incoming.parts, incoming.context.space)
    return await inbox.accept({ ...incoming, parts })
  } catch (error) {
    if (!(error instanceof AsyncvError) || error.code !== 'file_unknown') throw error
    // Files go in time; what was answered while they were there has the same answer afterwards.
    const first = await inbox.repeated(incoming)
    if (first !== null) return first
    throw error
  }
}
