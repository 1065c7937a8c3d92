import { wholeRelease } from 'asyncv/schemas'
import { z } from 'zod'
import { Problem } from '../http/problem.ts'
import type { adoptionRequest, ImportResult } from '../schemas/item-change.ts'
import { askWithin } from './ask.ts'
import { type ImportPorts, importDocument } from './import.ts'
import type { RuntimePort } from './runtime-port.ts'
import { said } from './said.ts'
import type { Author } from './write.ts'

/** What of its answer is looked at here: a newer runtime may say more. */
const stateSeen = z.object({
  current: wholeRelease.pick({ document: true, revision: true }).extend({ publisher: said }).nullable(),
})

/** ms; somebody waits in front of a dialog. */
const patienceMs = 10_000

/**
 * Takes over as items what runs on a runtime, whoever has published it: its operator's file, the command, another Studio.
 * Where Studio has other items they become what runs there only when that is asked for. Throws `state_conflict` when nothing
 * was applied there, or when Studio has other items.
 */
export async function adopt(
  by: Author,
  runtime: string,
  { replace, dryRun, seen, reason }: z.output<typeof adoptionRequest>,
  runtimes: RuntimePort,
  ports: ImportPorts,
): Promise<ImportResult> {
  const question = { method: 'GET', path: '/admin/v1/release' } as const
  const { status, body } = await askWithin(patienceMs, runtimes, runtime, question)
  const state = stateSeen.safeParse(body)
  if (status !== 200 || !state.success) {
    throw new Problem('runtime_refused', `The runtime answers ${status} to the question what it runs.`, {
      hint: 'Its key needs the scope "configure", for every space.',
    })
  }
  const { current } = state.data
  if (current === null) {
    throw new Problem('state_conflict', 'No release was applied to this runtime yet.', {
      hint: 'What a program passes to createAsyncv is code, which no release can say.',
    })
  }
  const { document, revision, publisher } = current
  const usual = `What ran as revision ${revision}, published by ${publisher}`
  return importDocument(
    by,
    {
      document,
      replace: true,
      dryRun,
      seen,
      reason: reason ?? usual,
      source: { runtime, revision, publisher },
      allow(changes, there) {
        if (replace || dryRun || there.length === 0 || changes.length === 0) return
        throw new Problem('state_conflict', `Studio has items already; ${changes.length} of them would change.`, {
          hint: 'Look at what would change first, and ask for it with "replace".',
        })
      },
    },
    ports,
  )
}
