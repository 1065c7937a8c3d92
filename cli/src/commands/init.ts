import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { readEnvironment } from '../settings/environment.ts'
import { CommandError } from '../failure.ts'
import type { ConfigFormat } from '../init/config-text.ts'
import { isHttpUrl, type Plan, secretsOf } from '../init/plan.ts'
import { takenSecrets, writePlan } from '../init/write.ts'
import { print } from '../output.ts'
import { configNames } from '../settings/read-config.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** A bot's token, or a key as most services give them: no name for a folder. */
const secretLike = /^(\d+:[\w-]+|sk-.+)$/

/**
 * `asyncv init [folder]`: asks for a model and a chat platform, tries both for real, and writes what `asyncv start` reads. With
 * `--yes` flags and the environment say it all. Nothing is written before everything is known.
 */
export async function run(flags: Flags, given = '.'): Promise<void> {
  // It stands in the shell's history by now; here it is not to be seen.
  if (secretLike.test(given)) throw new CommandError(words.secrets.noWord('asyncv init'), words.secrets.noWordHint, 2)
  const folder = resolve(given)
  const format = (flags['format'] ?? 'ts') as ConfigFormat
  const isAsking = flags['yes'] !== true
  if (isAsking && !(process.stdin.isTTY && process.stderr.isTTY)) {
    throw new CommandError(words.init.noTerminal, words.init.noTerminalHint, 2)
  }
  checkApiRoot(flags['telegram-api'])
  const there = existing(folder, format)
  if (there !== null && !isAsking && flags['force'] !== true) {
    throw new CommandError(words.init.isThere(there), words.init.forceHint, 2)
  }
  const plan = isAsking ? await asked(folder, there, flags) : await fromFlags(folder, flags)
  const written = writePlan(folder, plan, format)
  if (isAsking) (await import('../init/prompts.ts')).finish(words.init.done)
  print(words.init.wrote(written.map((path) => relative('.', path))))
  print(next(given, plan))
}

async function asked(folder: string, there: string | null, flags: Flags): Promise<Plan> {
  // Loaded when they are needed, as all that asks.
  const [{ askModel, askTelegram }, { agree, begin }] = await Promise.all([
    import('../init/ask.ts'),
    import('../init/prompts.ts'),
  ])
  const env = readEnvironment(folder, process.env)
  begin(words.init.title(folder))
  const forced = flags['force'] === true
  if (there !== null && !forced && !(await agree(words.init.askReplace(there)))) throw kept()
  const plan = {
    model: await askModel(env),
    telegram: await askTelegram(env, flags['telegram-api'] as string | undefined),
  }
  const taken = takenSecrets(folder, plan)
  if (taken.length > 0 && !forced && !(await agree(words.init.askReplaceSecrets(taken)))) throw kept()
  return plan
}

async function fromFlags(folder: string, flags: Flags): Promise<Plan> {
  const { givenModel, givenTelegram } = await import('../init/given.ts')
  const env = readEnvironment(folder, process.env)
  const telegram = await givenTelegram(flags, env)
  const plan = { model: await givenModel(flags, env), telegram }
  const taken = takenSecrets(folder, plan)
  if (taken.length > 0 && flags['force'] !== true) {
    throw new CommandError(words.init.secretsThere(taken), words.init.forceHint, 2)
  }
  return plan
}

/** The configuration that would be replaced; one with another ending would be in the way of a new one. */
function existing(folder: string, format: ConfigFormat): string | null {
  const found = configNames.filter((name) => existsSync(join(folder, name)))
  const other = found.find((name) => name !== `asyncv.config.${format}`)
  if (other !== undefined) {
    throw new CommandError(words.init.isThere(join(folder, other)), words.init.moveHint(`asyncv.config.${format}`), 2)
  }
  return found[0] === undefined ? null : join(folder, found[0])
}

function checkApiRoot(given: unknown): void {
  if (typeof given !== 'string' || isHttpUrl(given)) return
  throw new CommandError(words.init.badUrl('--telegram-api', given), words.init.noUrl, 2)
}

function kept(): CommandError {
  return new CommandError(words.init.kept, '', 1)
}

function next(folder: string, plan: Plan): string {
  const steps = [
    ...(folder === '.' ? [] : [`cd ${/^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`}`]),
    'npx @asyncv/cli start',
  ]
  const { telegram } = plan
  const notes = [
    telegram === null ? words.init.thenChat : telegram.allow.length === 0 ? words.init.thenIds : words.init.thenWrite,
    ...(secretsOf(plan).length > 0 ? [words.init.secretsIn] : []),
  ]
  return [words.init.next, ...steps.map((step) => `  ${step}`), ...notes].join('\n')
}
