/** What a person does about a target: sends it again, over what the runtime has if it has to be. */
import { append } from '../audit/append.ts'
import type { Author } from '../items/write.ts'
import { Problem } from '../http/problem.ts'
import { committed } from './committed.ts'
import type { ReleasePorts } from './ports.ts'
import { makeTarget } from './publish.ts'
import { makePending, newestTarget, type TargetKey } from './targets.ts'

/** Throws `release_unknown`, `runtime_unknown`, and `state_conflict` where another release is the newest for this runtime. */
export async function retryTarget(
  { release, runtime }: TargetKey,
  { force }: { force: boolean },
  by: Author,
  ports: ReleasePorts,
): Promise<void> {
  await committed(ports, async (trx, tell) => {
    const at = ports.now()
    const known = await trx.selectFrom('release').select('n').where('n', '=', release).executeTakeFirst()
    if (known === undefined) throw new Problem('release_unknown', `There is no release ${release}.`)
    const there = await trx.selectFrom('runtime').select('id').where('id', '=', runtime).executeTakeFirst()
    if (there === undefined) throw new Problem('runtime_unknown', `There is no runtime ${JSON.stringify(runtime)}.`)
    const newest = await newestTarget(trx, runtime)
    if (newest !== undefined && newest.release > release) {
      throw new Problem('state_conflict', `Release ${newest.release} is a later one for this runtime.`, {
        hint: `Retry that one, or roll back to release ${release}.`,
      })
    }
    // It was connected after that release, or was left out.
    if (newest?.release !== release) await makeTarget(trx, { release, runtime, force }, at, tell)
    // What may be under way is sent again as it was signed; of what is settled nothing is.
    const anew = newest?.release === release && newest.state !== 'pending'
    await makePending(trx, { release, runtime }, { force, anew }, at, tell)
    const action = force ? 'release.forced' : 'release.retried'
    await append(trx, { at, by, action, target: String(release), detail: { runtime } })
  })
}
