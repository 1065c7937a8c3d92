import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { auditEntry as runtimeEntry, auditVerdict as runtimeVerdict } from 'asyncv/schemas'
import { z } from 'zod'
import { type auditEntry, auditPage, auditVerdict } from '../../../src/schemas/audit.ts'
import { patience } from '../../api/patience.ts'
import { request } from '../../api/request.ts'
import type { Entry, Verdict } from './entries.ts'

/** Studio's own log, or that of a runtime, by its id. */
export type Log = { of: 'studio' } | { of: 'runtime'; runtime: string }

export interface AuditFilter {
  actor?: string | undefined
  action?: string | undefined
}

const pageSize = 100

/** Newest first. */
export const auditQuery = (log: Log, filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', log, filter],
    queryFn: ({ pageParam, signal }) =>
      readPage(log, { ...filter, limit: pageSize, cursor: pageParam ?? undefined }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })

/**
 * One entry by its number, which a link names and which may be further back than the page has read; null where there is none.
 * A runtime's entries cannot be asked for by their numbers, so its log is read to it, from the end that is nearer.
 */
export const auditEntryQuery = (log: Log, n: number) =>
  queryOptions({
    queryKey: ['audit', log, 'entry', n],
    async queryFn({ signal }): Promise<Entry | null> {
      if (log.of === 'runtime') return findRuntimes(log.runtime, n, signal)
      const { data } = await readPage(log, { limit: 1, cursor: String(n + 1) }, signal)
      return data.find((one) => one.n === n) ?? null
    },
    // What is written there never changes.
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Reads the whole log: whether each entry is what was written, and follows the one before. */
export async function verify(log: Log): Promise<Verdict> {
  if (log.of === 'studio') return request(auditVerdict, '/audit/verify', { timeoutMs: patience.verify })
  return request(runtimeVerdict, `${pathOf(log.runtime)}/verify`, { timeoutMs: patience.verify })
}

/** All of a runtime's entries, by default oldest first. Studio gives its own as a file. */
export async function* wholeLog(
  runtime: string,
  order: 'oldest' | 'newest' = 'oldest',
  signal?: AbortSignal,
): AsyncGenerator<RuntimeEntry> {
  let cursor: string | undefined
  do {
    const query = { limit: 500, order, cursor }
    const page = await request(runtimePage, pathOf(runtime), { query, ...(signal && { signal }) })
    yield* page.data
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
}

async function findRuntimes(runtime: string, n: number, signal: AbortSignal): Promise<Entry | null> {
  const { data } = await readPage({ of: 'runtime', runtime }, { limit: 1, cursor: undefined }, signal)
  const last = data[0]?.n ?? 0
  if (n > last) return null
  const order = n > last / 2 ? 'newest' : 'oldest'
  for await (const entry of wholeLog(runtime, order, signal)) {
    if (entry.n === n) return ofRuntime(entry)
    // Somebody has taken it out, which is for the proof to say.
    if (order === 'newest' ? entry.n < n : entry.n > n) return null
  }
  return null
}

type RuntimeEntry = z.output<typeof runtimeEntry>

const runtimePage = z.object({ data: z.array(runtimeEntry), nextCursor: z.string().nullable() })

interface PageQuery extends AuditFilter {
  limit: number
  cursor: string | undefined
}

async function readPage(log: Log, query: PageQuery, signal: AbortSignal) {
  if (log.of === 'studio') {
    const page = await request(auditPage, '/audit', { query: { ...query }, signal })
    return { ...page, data: page.data.map(ofStudio) }
  }
  const page = await request(runtimePage, pathOf(log.runtime), { query: { ...query }, signal })
  return { ...page, data: page.data.map(ofRuntime) }
}

function pathOf(runtime: string): string {
  return `/runtimes/${encodeURIComponent(runtime)}/admin/v1/audit`
}

function ofStudio({ detail, hash, prevHash, ...entry }: z.output<typeof auditEntry>): Entry {
  const value: unknown = detail === null ? null : JSON.parse(detail)
  const object = typeof value === 'object' ? (value as Entry['detail']) : { detail: value }
  return { ...entry, detail: object, hashes: { hash, prevHash, beforeHash: null, afterHash: null } }
}

function ofRuntime({ hash, prevHash, beforeHash, afterHash, ...entry }: RuntimeEntry): Entry {
  return { ...entry, detail: null, hashes: { hash, prevHash, beforeHash, afterHash } }
}
