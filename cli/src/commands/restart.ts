import { checkedSettings } from '../settings/check-settings.ts'
import { background } from '../process/detach.ts'
import { end } from '../process/ending.ts'
import { CommandError } from '../failure.ts'
import { type RunningService, runningHere } from '../process/running.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'
import { timeoutOf } from './stop.ts'

/**
 * `asyncv restart`: stops the service and starts it in the background, with the flags and in the folder of before. A
 * configuration that cannot be used is found first, and then it runs on.
 */
export async function run(flags: Flags): Promise<void> {
  const timeoutMs = timeoutOf(flags)
  const service = await runningHere(flags)
  if (service === null) throw new CommandError(words.restart.nothing, words.restart.nothingHint, 1)
  const { flags: before, cwd, keeper } = service.record
  if (keeper !== null) throw new CommandError(words.restart.kept(keeper), words.restart.keptHint(keeper), 1)
  await check(service)
  await end(service, { timeoutMs, now: flags['now'] === true, flags })
  await background({ database: service.database, flags: before, cwd, quiet: flags })
}

async function check({ record, database }: RunningService): Promise<void> {
  enter(record.cwd)
  const settings = await checkedSettings(record.flags, process.env)
  if (settings.database !== database) {
    throw new CommandError(words.restart.elsewhere(settings.database), words.restart.elsewhereHint(database), 2)
  }
}

function enter(folder: string): void {
  try {
    process.chdir(folder)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw new CommandError(words.restart.folder(folder, code), words.restart.folderHint, 1)
  }
}
