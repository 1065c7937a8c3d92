/** Releases as they are shown. */
import type { Selectable } from 'kysely'
import type { z } from 'zod'
import type { Database, Trx } from '../database/open.ts'
import type { ReleaseRow, ReleaseTargetRow } from '../database/tables.ts'
import { Problem } from '../http/problem.ts'
import { type Draft, keyOf, piecesOf } from '../items/document.ts'
import { differenceOf } from '../schemas/item-difference.ts'
import type {
  itemDifference,
  releaseComparison,
  releaseInList,
  releasePage,
  releaseQuery,
  releaseTarget,
  wholeStudioRelease,
} from '../schemas/releases.ts'
import type { ReleasedItem } from './choice.ts'
import type { TargetProblem } from './targets.ts'

export async function listReleases(
  db: Database,
  { limit, cursor }: z.output<typeof releaseQuery>,
): Promise<z.infer<typeof releasePage>> {
  return db.transaction().execute(async (trx) => {
    const columns = ['n', 'hash', 'summary', 'author', 'author_name', 'at', 'rolls_back_to'] as const
    let query = trx.selectFrom('release').select(columns)
    if (cursor !== undefined) query = query.where('n', '<', cursor)
    const rows = await query
      .orderBy('n', 'desc')
      .limit(limit + 1)
      .execute()
    const shown = rows.slice(0, limit)
    const targets = await targetsOf(
      trx,
      shown.map(({ n }) => n),
    )
    const data = shown.map((row) => toListed(row, targets))
    return { data, nextCursor: rows.length > limit ? String(data.at(-1)?.n) : null }
  })
}

/** Throws `release_unknown`. */
export async function oneRelease(db: Database, n: number): Promise<z.infer<typeof wholeStudioRelease>> {
  return db.transaction().execute(async (trx) => {
    const row = await rowOf(trx, n)
    const before = await trx
      .selectFrom('release')
      .select('document')
      .where('n', '<', n)
      .orderBy('n', 'desc')
      .limit(1)
      .executeTakeFirst()
    const document = JSON.parse(row.document) as Draft
    return {
      ...toListed(row, await targetsOf(trx, [n])),
      document: { ...document },
      items: JSON.parse(row.items) as ReleasedItem[],
      changes: differencesOf(before === undefined ? null : (JSON.parse(before.document) as Draft), document),
    }
  })
}

/** Of any two, in either direction; 0 is what was before the first. Throws `release_unknown`. */
export async function compareReleases(
  db: Database,
  { from, to }: { from: number; to: number },
): Promise<z.infer<typeof releaseComparison>> {
  return db.transaction().execute(async (trx) => {
    const read = async (n: number) => JSON.parse((await rowOf(trx, n)).document) as Draft
    const before = from === 0 ? null : await read(from)
    return { from: from === 0 ? null : from, to, changes: differencesOf(before, await read(to)) }
  })
}

/** What `asyncv deploy FILE` takes. Throws `release_unknown`. */
export async function exportRelease(db: Database, n: number): Promise<string> {
  const { document } = await db.transaction().execute((trx) => rowOf(trx, n))
  return `${JSON.stringify(JSON.parse(document), null, 2)}\n`
}

function differencesOf(before: Draft | null, after: Draft): z.infer<typeof itemDifference>[] {
  const was = new Map(piecesOf(before ?? {}).map((piece) => [keyOf(piece), piece]))
  const is = new Map(piecesOf(after).map((piece) => [keyOf(piece), piece]))
  return [...new Set([...is.keys(), ...was.keys()])].flatMap((key) => {
    const [old, now] = [was.get(key), is.get(key)]
    const { kind, name } = (now ?? old)!
    const difference = differenceOf(old?.content, now?.content)
    if (difference.length === 0) return []
    return [
      { kind, name, change: old === undefined ? 'created' : now === undefined ? 'deleted' : 'changed', difference },
    ]
  })
}

async function rowOf(trx: Trx, n: number): Promise<Selectable<ReleaseRow>> {
  const row = await trx.selectFrom('release').selectAll().where('n', '=', n).executeTakeFirst()
  if (row !== undefined) return row
  throw new Problem('release_unknown', `There is no release ${n}.`)
}

type Targets = Map<number, z.infer<typeof releaseTarget>[]>

async function targetsOf(trx: Trx, releases: readonly number[]): Promise<Targets> {
  if (releases.length === 0) return new Map()
  const rows = await trx
    .selectFrom('release_target')
    .innerJoin('runtime', 'runtime.id', 'release_target.runtime_id')
    .selectAll('release_target')
    .select('runtime.name')
    .where('release', 'in', releases)
    .orderBy('runtime.name')
    .execute()
  const targets: Targets = new Map(releases.map((n) => [n, []]))
  for (const row of rows) targets.get(row.release)?.push(toTarget(row))
  return targets
}

function toTarget(row: Selectable<ReleaseTargetRow> & { name: string }): z.infer<typeof releaseTarget> {
  return {
    runtime: row.runtime_id,
    runtimeName: row.name,
    state: row.state,
    attempts: row.attempts,
    nextAt: row.next_at,
    revision: row.revision,
    problem: row.problem === null ? null : (JSON.parse(row.problem) as TargetProblem),
    changedAt: row.changed_at,
  }
}

function toListed(
  row: Pick<Selectable<ReleaseRow>, 'n' | 'hash' | 'summary' | 'author' | 'author_name' | 'at' | 'rolls_back_to'>,
  targets: Targets,
): z.infer<typeof releaseInList> {
  return {
    n: row.n,
    hash: row.hash,
    summary: row.summary,
    author: { id: row.author, name: row.author_name },
    at: row.at,
    rollsBackTo: row.rolls_back_to,
    targets: targets.get(row.n) ?? [],
  }
}
