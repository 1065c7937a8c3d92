/**
 * An older release under a new number. The items go back with it, each to a new version with what it said then: what is saved
 * and what is published say the same afterwards. Versions that nobody had published stay in their items' history, and are told.
 */
import type { z } from 'zod'
import type { Trx } from '../database/open.ts'
import type { StudioEvent } from '../events.ts'
import { Problem } from '../http/problem.ts'
import { type Content, saysTheSame } from '../items/content.ts'
import { keyOf } from '../items/document.ts'
import { type Head, readHeads, readVersion } from '../items/read.ts'
import { type Author, type Note, writeVersion } from '../items/write.ts'
import type { rollBackRequest } from '../schemas/releases.ts'
import { inOrder, newestRelease, type ReleasedItem } from './choice.ts'
import { committed } from './committed.ts'
import type { ReleasePorts } from './ports.ts'
import { overtaken, type Published, targetsFor, writeRelease } from './publish.ts'

export async function rollBack(
  to: number,
  { summary, runtimes, anyway = false, force = false }: z.output<typeof rollBackRequest>,
  by: Author,
  ports: ReleasePorts,
  signal: AbortSignal,
): Promise<Published & { laidAside: ReleasedItem[] }> {
  const { db, now } = ports
  const release = await db.selectFrom('release').selectAll().where('n', '=', to).executeTakeFirst()
  if (release === undefined) throw new Problem('release_unknown', `There is no release ${to}.`)
  const newest = await db.transaction().execute(newestRelease)
  if (newest?.hash === release.hash) {
    throw new Problem('state_conflict', `Release ${newest.n} says what release ${to} says.`, {
      hint: 'To bring it to a runtime again, retry its target.',
    })
  }
  const document: unknown = JSON.parse(release.document)
  const items = JSON.parse(release.items) as ReleasedItem[]
  const { targets, unchecked, left } = await targetsFor(document, { runtimes, anyway }, ports, signal)
  return committed(ports, async (trx, tell) => {
    const published = await newestRelease(trx)
    if (published?.n !== newest?.n) throw overtaken()
    const went = await itemsBack(trx, items, published?.items ?? [], { by, at: now(), reason: summary }, tell)
    const { hash } = release
    const written = { document, hash, items: went.items, summary, by, rollsBackTo: to, targets, force }
    const n = await writeRelease(trx, written, ports, tell)
    return { n, unchecked, left, laidAside: went.laidAside }
  })
}

async function itemsBack(
  trx: Trx,
  wanted: readonly ReleasedItem[],
  published: readonly ReleasedItem[],
  note: Note,
  tell: (event: StudioEvent) => void,
): Promise<{ items: ReleasedItem[]; laidAside: ReleasedItem[] }> {
  const items: ReleasedItem[] = []
  const laidAside: ReleasedItem[] = []
  for (const { head, target, content, isKept, isLaidAside } of await stepsBack(trx, wanted, published)) {
    const { kind, name, version } = head
    if (isKept) {
      items.push({ kind, name, version })
      continue
    }
    if (isLaidAside) laidAside.push({ kind, name, version })
    const action = content === null ? 'item.deleted' : 'item.restored'
    const detail = target === undefined ? {} : { from: target.version }
    const next = await writeVersion(trx, head, { kind, name, content, action, detail }, note)
    if (content !== null) items.push({ kind, name, version: next.version })
    tell({ type: 'item.saved', kind, name, version: next.version })
  }
  return { items: inOrder(items), laidAside }
}

interface StepBack {
  head: Head
  /** What the release has of it; undefined when it has none. */
  target: ReleasedItem | undefined
  /** What it will say; null when it goes. */
  content: Content | null
  /** It says that already. */
  isKept: boolean
  /** What it says now was never published. */
  isLaidAside: boolean
}

/** What becomes of each item; nothing is written. */
export async function stepsBack(
  trx: Trx,
  wanted: readonly ReleasedItem[],
  published: readonly ReleasedItem[],
): Promise<StepBack[]> {
  const then = new Map(wanted.map((item) => [keyOf(item), item]))
  const before = new Map(published.map((item) => [keyOf(item), item.version]))
  const steps: StepBack[] = []
  for (const head of [...(await readHeads(trx)), ...(await readHeads(trx, true))]) {
    const target = then.get(keyOf(head))
    const isGone = head.deletedAt !== null
    if (target === undefined && isGone) continue
    const content = target === undefined ? null : (await readVersion(trx, head, target.version)).content
    const isKept = content !== null && !isGone && saysTheSame(content, head.content)
    const isPublished = isGone ? !before.has(keyOf(head)) : before.get(keyOf(head)) === head.version
    steps.push({ head, target, content, isKept, isLaidAside: !isKept && !isPublished })
  }
  return steps
}
