/** What would be wrong with a release of the items, before anybody publishes one. The runtime's own verdict, where one can be asked. */
import { documentProblems, releaseCheck } from 'asyncv/schemas'
import type { z } from 'zod'
import { Problem } from '../http/problem.ts'
import type { itemCheck, itemCheckRequest, ItemProblem } from '../schemas/item-change.ts'
import { askWithin } from './ask.ts'
import { compose, type Draft, type Piece, pieceAt } from './document.ts'
import { draftPieces } from './drafts.ts'
import { heldSecrets } from './held-secrets.ts'
import type { ItemPorts } from './ports.ts'
import type { RuntimeName, RuntimePort } from './runtime-port.ts'
import type { Types } from './types.ts'

/** What of its answer is looked at here: a newer runtime may say more. */
const verdictSeen = releaseCheck.pick({ problems: true })

/** A page asks while somebody types; who waits longer has no use for the answer. ms. */
const patienceMs = 5_000

/** Throws `runtime_unknown` for one that was named and is not there. */
export async function checkItems(
  { changes, runtime: wanted }: z.output<typeof itemCheckRequest>,
  { db, runtimes, types }: Pick<ItemPorts, 'db' | 'runtimes' | 'types'>,
): Promise<z.infer<typeof itemCheck>> {
  const pieces = await draftPieces(db, changes)
  const document = compose(pieces)
  const runtime = chosen(await runtimes.list(), wanted)
  const verdict =
    runtime === null ? { problem: 'No runtime is connected.' } : await verdictOf(runtime, document, runtimes)
  if ('errors' in verdict) {
    return { checkedBy: 'runtime', runtime, problem: null, errors: atItems(pieces, verdict.errors) }
  }
  const form = atItems(pieces, documentProblems(document))
  return {
    checkedBy: 'schema',
    runtime,
    problem: verdict.problem,
    errors: [...form, ...(await secretsOf(pieces, types))],
  }
}

/** What is said of the document that was composed of these pieces, at the pieces. */
export function atItems(
  pieces: readonly Piece[],
  problems: readonly { pointer: string; detail: string }[],
): ItemProblem[] {
  return problems.map(({ pointer, detail }) => ({
    ...(pieceAt(pointer, pieces) ?? { kind: null, name: null, pointer }),
    detail,
  }))
}

function chosen(runtimes: readonly RuntimeName[], wanted: string | undefined): RuntimeName | null {
  if (wanted === undefined) return named(runtimes[0])
  const found = runtimes.find(({ id }) => id === wanted)
  if (found === undefined) throw new Problem('runtime_unknown', `There is no runtime ${JSON.stringify(wanted)}.`)
  return named(found)
}

/** There may be more of a runtime than is told here. */
function named(runtime: RuntimeName | undefined): RuntimeName | null {
  return runtime === undefined ? null : { id: runtime.id, name: runtime.name }
}

async function verdictOf(
  { id, name }: RuntimeName,
  document: Draft,
  runtimes: RuntimePort,
): Promise<{ errors: z.infer<typeof releaseCheck>['problems'] } | { problem: string }> {
  try {
    const question = { method: 'POST', path: '/admin/v1/release/check', body: { document } } as const
    const { status, body } = await askWithin(patienceMs, runtimes, id, question)
    const verdict = verdictSeen.safeParse(body)
    if (status === 200 && verdict.success) return { errors: verdict.data.problems }
    const { detail } = Object(body) as { detail?: unknown }
    return { problem: `${name} answers ${status}${typeof detail === 'string' ? `: ${detail}` : '.'}` }
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message }
    throw error
  }
}

async function secretsOf(pieces: readonly Piece[], types: Types): Promise<ItemProblem[]> {
  const found = await Promise.all(
    pieces.map(async (piece) =>
      (await heldSecrets(piece, types)).map(({ pointer, detail }) => ({
        pointer: pointer.replace(/^\/content/, ''),
        detail,
        kind: piece.kind,
        name: piece.name,
      })),
    ),
  )
  return found.flat()
}
