/**
 * One attempt at bringing a release to a runtime. What was sent and not answered is looked for first, by the envelope that was
 * written down before it was sent; the runtime takes one envelope once, however often it comes. So a death before the sending,
 * after it, or after the answer leaves a row from which the next attempt finds out which it was.
 */
import { Problem } from '../http/problem.ts'
import { backoffMs } from '../backoff.ts'
import { committed } from './committed.ts'
import { inForceOf } from './drifted.ts'
import { atItems } from './places.ts'
import type { ReleasePorts } from './ports.ts'
import { prepare, type PushJob } from './prepare.ts'
import { pushBackoff } from './push-backoff.ts'
import { releasesOf, type RuntimeProblem, type RuntimeState } from './runtime-releases.ts'
import { settle, type TargetProblem } from './targets.ts'

type Outcome =
  | { type: 'applied'; revision: number }
  | { type: 'refused' | 'drifted'; problem: TargetProblem }
  /** Not known yet, or not reached. */
  | { type: 'later'; problem: TargetProblem; atOnce?: boolean }
  | { type: 'superseded' }

export async function push(job: PushJob, ports: ReleasePorts, signal: AbortSignal): Promise<void> {
  const outcome = await attempt(job, ports, signal).catch((error: unknown): Outcome => {
    if (!(error instanceof Problem) || signal.aborted) throw error
    const { code, message, more } = error
    return { type: 'later', problem: { code, detail: message, ...(more.hint && { hint: more.hint }) } }
  })
  await record(job, outcome, ports)
}

async function attempt(job: PushJob, ports: ReleasePorts, signal: AbortSignal): Promise<Outcome> {
  const runtime = releasesOf(ports.runtimes, job.runtime)
  const { signer } = ports
  const state = await runtime.state(signal)
  const { current, problems } = state
  // Also when it was said there before: once more would change nothing.
  if (current?.hash === job.hash && current.publisher === signer.publisher && problems === null) {
    return { type: 'applied', revision: current.revision }
  }
  if (job.envelope !== null) {
    const revision = await runtime.revisionOf(job.envelope, signal)
    if (revision !== null) return { type: 'applied', revision }
  }
  const prepared = await prepare(job, state, signer, ports)
  switch (prepared.type) {
    case 'superseded':
      return prepared
    case 'rewound':
      return { type: 'refused', problem: prepared.problem }
    case 'drifted':
      return { type: 'drifted', problem: prepared.problem }
    case 'send': {
      await ports.hook?.('push.signed')
      const answer = await runtime.put({ ...prepared, document: job.document }, signal)
      await ports.hook?.('push.answered')
      return 'revision' in answer ? { type: 'applied', revision: answer.revision } : outcomeOf(answer, job, state)
    }
  }
}

/** Somebody published between the look and the sending. */
const overtaken = ['release_stale', 'release_changed']
/** What the runtime says of this release, and would say again. */
const refusals = [
  'release_invalid',
  'release_failed',
  'release_untrusted',
  'releases_off',
  'trust_unusable',
  'input_invalid',
  'body_too_large',
]

function outcomeOf(answer: RuntimeProblem, job: PushJob, { current }: RuntimeState): Outcome {
  const { code, detail, hint, errors } = answer
  const problem: TargetProblem = {
    code,
    detail,
    ...(hint === undefined ? {} : { hint }),
    ...(errors === undefined ? {} : { errors: atItems(job.document, errors) }),
  }
  if (overtaken.includes(code)) return { type: 'later', problem, atOnce: true }
  if (!refusals.includes(code)) return { type: 'later', problem }
  return { type: 'refused', problem: { ...problem, wayOut: 'retry', inForce: inForceOf(current) } }
}

async function record(job: PushJob, outcome: Outcome, ports: ReleasePorts): Promise<void> {
  await committed(ports, async (trx, tell) => {
    switch (outcome.type) {
      case 'superseded':
        return
      case 'applied':
        return settle(trx, job, { state: 'applied', problem: null, revision: outcome.revision }, ports, tell)
      case 'refused':
      case 'drifted':
        return settle(trx, job, { state: outcome.type, problem: outcome.problem }, ports, tell)
      case 'later': {
        const at = ports.now()
        const attempts = job.attempts + 1
        const waitMs = outcome.atOnce && attempts < 5 ? 0 : backoffMs(attempts, pushBackoff)
        const moved = await trx
          .updateTable('release_target')
          .set({ attempts, next_at: at + waitMs, problem: JSON.stringify(outcome.problem), changed_at: at })
          .where('release', '=', job.release)
          .where('runtime_id', '=', job.runtime)
          .where('state', '=', 'pending')
          .executeTakeFirst()
        if (moved.numUpdatedRows > 0n) {
          tell({ type: 'target.changed', release: job.release, runtime: job.runtime, state: 'pending' })
        }
      }
    }
  })
}
