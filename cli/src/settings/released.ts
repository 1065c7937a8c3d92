import { type Asyncv, hashOf, type ReleaseDocument } from 'asyncv'
import { words } from '../words/spoken.ts'

/** What somebody has to know who started the service and wonders why it is not what the file says; empty when it is. */
export async function releasedStory(asyncv: Asyncv, file: ReleaseDocument | undefined): Promise<string[]> {
  const { current, problems, fileInForce } = await asyncv.releases.state()
  if (current === null) return []
  const { revision, publisher, hash } = current
  if (problems !== null) return [words.start.cannotApply(revision, publisher)]
  if (fileInForce !== false || file === undefined || hashOf(file) === hash) return []
  return [words.start.released(revision, publisher)]
}
