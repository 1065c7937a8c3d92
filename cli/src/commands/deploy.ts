import { CommandError } from '../failure.ts'
import { endWithReader } from '../output.ts'
import { openReleaseDesk } from '../release/desk.ts'
import { readReleaseFile } from '../release/file.ts'
import { describeProblems } from '../release/place.ts'
import { publish } from '../release/publish.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv deploy [FILE]`: what a file says becomes a release that is in force. `--check` and `--diff` stop before that. */
export async function run(flags: Flags, file?: string): Promise<void> {
  endWithReader()
  const { problems, ...given } = await readReleaseFile(file)
  if (problems.length > 0) {
    const lines = describeProblems(given, problems)
    throw new CommandError(
      [words.deploy.notPortable(given.name), ...lines].join('\n  '),
      words.deploy.notPortableHint,
      2,
    )
  }
  await publish(await openReleaseDesk(flags), { ...given, question: words.deploy.ask }, flags)
}
