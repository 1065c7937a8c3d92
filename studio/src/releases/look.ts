/**
 * Looks at the runtimes now and then, and whenever somebody looks at releases: whether they have what this Studio last saw
 * applied there, and whether they answer at all.
 */
import { Problem } from '../http/problem.ts'
import { committed } from './committed.ts'
import { driftOf, inForceOf } from './drifted.ts'
import { atItems } from './places.ts'
import type { ReleasePorts } from './ports.ts'
import { releasesOf, type RuntimeState } from './runtime-releases.ts'
import { makePending, newestTarget, settle, type TargetProblem } from './targets.ts'

export interface Looking {
  /** Looks now, unless that is being done or was just done. */
  look(): void
  close(): Promise<void>
}

/** Many pages that look at once are one look. ms. */
const soonMs = 2_000

export function startLooking(everyMs: number, ports: ReleasePorts): Looking {
  const leaving = new AbortController()
  const answering = new Map<string, boolean>()
  let running: Promise<void> | null = null
  let lastAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  begin()
  return {
    look() {
      if (performance.now() - lastAt >= Math.min(soonMs, everyMs)) begin()
    },
    async close() {
      leaving.abort()
      clearTimeout(timer)
      await running
    },
  }

  function begin(): void {
    if (running !== null || leaving.signal.aborted) return
    clearTimeout(timer)
    running = lookAtAll()
      .catch((error: unknown) => {
        if (!leaving.signal.aborted)
          ports.logger.error({ stack: (error as Error)?.stack }, 'looking at runtimes failed')
      })
      .then(() => {
        running = null
        lastAt = performance.now()
        if (!leaving.signal.aborted) timer = setTimeout(begin, everyMs)
      })
  }

  async function lookAtAll(): Promise<void> {
    const runtimes = await ports.db.selectFrom('runtime').select('id').execute()
    await Promise.all(runtimes.map(({ id }) => lookAt(id)))
  }

  async function lookAt(runtime: string): Promise<void> {
    try {
      const state = await releasesOf(ports.runtimes, runtime).state(leaving.signal)
      await noteAnswer(runtime, true)
      await compare(runtime, state, ports)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      await noteAnswer(runtime, false)
    }
  }

  async function noteAnswer(runtime: string, reachable: boolean): Promise<void> {
    if (answering.get(runtime) === reachable) return
    const isFirst = !answering.has(runtime)
    answering.set(runtime, reachable)
    if (!isFirst || !reachable) ports.events.emit({ type: 'runtime.changed', runtime, reachable })
    // What waits for it need not wait any longer.
    if (!isFirst && reachable) await hurry(runtime)
  }

  async function hurry(runtime: string): Promise<void> {
    await ports.db
      .updateTable('release_target')
      .set({ next_at: ports.now() })
      .where('runtime_id', '=', runtime)
      .where('state', '=', 'pending')
      .execute()
    ports.wake()
  }
}

async function compare(runtime: string, state: RuntimeState, ports: ReleasePorts): Promise<void> {
  await committed(ports, async (trx, tell) => {
    const target = await newestTarget(trx, runtime)
    // What is pending, the push looks at; what was refused has changed nothing.
    if (target === undefined || !(target.state === 'applied' || target.state === 'drifted')) return
    const key = { release: target.release, runtime }
    const { document } = await trx
      .selectFrom('release')
      .select('document')
      .where('n', '=', target.release)
      .executeTakeFirstOrThrow()
    const drift = (await driftOf(trx, runtime, state)) ?? notInForce(state, document)
    const kept = target.problem === null ? null : (JSON.parse(target.problem) as TargetProblem)
    if (drift !== null && !isSame(drift, kept)) {
      return settle(trx, key, { state: 'drifted', problem: drift }, ports, tell)
    }
    if (drift !== null || target.state === 'applied') return
    // Whoever went another way came back by themselves: what was there is there, and what waited can go.
    const { revision } = target
    if (revision !== null) return settle(trx, key, { state: 'applied', problem: null, revision }, ports, tell)
    await makePending(trx, key, { force: false, anew: true }, ports.now(), tell)
  })
}

/** It has the right one, which could not be put in force when it started. */
function notInForce({ current, problems }: RuntimeState, document: string): TargetProblem | null {
  if (problems === null || current === null) return null
  return {
    code: 'release_not_in_force',
    detail: `The runtime could not put revision ${current.revision} in force when it started.`,
    hint: 'Mend what is wrong there or here, and publish again.',
    wayOut: 'force',
    inForce: inForceOf(current),
    errors: atItems(JSON.parse(document), problems),
  }
}

/** The same drift is told once. */
function isSame(one: TargetProblem, other: TargetProblem | null): boolean {
  return one.code === other?.code && one.inForce?.revision === other.inForce?.revision
}
