import { endWithReader } from '../output.ts'
import { openReleaseDesk } from '../release/desk.ts'
import { publish } from '../release/publish.ts'
import { revisionOf } from '../release/revision.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv rollback N`: what ran as revision N becomes a new release. */
export async function run(flags: Flags, given: string): Promise<void> {
  endWithReader()
  const revision = revisionOf(given)
  const desk = await openReleaseDesk(flags)
  const { document } = await desk.get(revision)
  const name = words.releases.called(revision)
  await publish(desk, { name, json: null, document, question: words.deploy.askRollback(revision) }, flags)
}
