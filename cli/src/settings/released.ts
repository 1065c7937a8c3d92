import type { Asyncv } from 'asyncv'
import { words } from '../words/spoken.ts'

/** What somebody has to know who started the service and wonders why it is not what the file says; empty when it is. */
export async function releasedStory(asyncv: Asyncv): Promise<string[]> {
  const { current, problems, fileInForce } = await asyncv.releases.state()
  if (current === null) return []
  const { revision, publisher } = current
  if (problems !== null) return [words.start.cannotApply(revision, publisher)]
  if (fileInForce !== false) return []
  return [words.start.released(revision, publisher)]
}
