import type { Trx } from '../database/open.ts'
import { Problem } from '../http/problem.ts'
import type { ItemReference } from '../schemas/item.ts'

/** Each costs every release that is looked at; a release document takes as many of a kind. */
export const mostOfAKind = 1_000

/** Throws `state_conflict` where there are as many of a kind as there may be. */
export async function checkRoom(trx: Trx, kind: ItemReference['kind']): Promise<void> {
  const query = trx.selectFrom('item').select((is) => is.fn.countAll<number>().as('count'))
  const { count } = await query.where('kind', '=', kind).where('deleted_at', 'is', null).executeTakeFirstOrThrow()
  if (Number(count) >= mostOfAKind) throw noRoom(kind)
}

export function noRoom(kind: ItemReference['kind']): Problem {
  return new Problem('state_conflict', `No release has more than ${mostOfAKind} of kind ${kind}.`, {
    hint: 'Delete some.',
  })
}
