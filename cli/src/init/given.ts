import type { Environment } from '../settings/environment.ts'
import { CommandError } from '../failure.ts'
import { readHidden } from '../terminal/hidden-prompt.ts'
import { talk } from '../output.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'
import { findCandidates, namedService } from './candidates.ts'
import { demo, isHttpUrl, keyName, type ModelPlan, parseAllow, type TelegramPlan, tokenName } from './plan.ts'
import { listModels, tryModel, tryTelegram } from './try-out.ts'
import { usualModel } from '../settings/find-model.ts'

/** What flags and the environment say, for `--yes`; tried unless that is not wanted. */
export async function givenModel(flags: Flags, env: Environment): Promise<ModelPlan> {
  const plan = await chosenModel(flags, env)
  if (plan.service === null || flags['skip-tests'] === true) return plan
  talk(words.init.trying(plan.name), flags)
  const tried = await tryModel(plan.service, plan.name, env)
  if (!tried.ok) throw new CommandError(tried.problem, `${tried.hint} ${words.init.skipHint}`.trim(), 1)
  talk(words.init.answered(plan.name, tried.latencyMs, tried.said), flags)
  return plan
}

async function chosenModel(flags: Flags, env: Environment): Promise<ModelPlan> {
  const { model, 'base-url': baseURL } = flags as { model?: string; 'base-url'?: string }
  if (baseURL !== undefined && !isHttpUrl(baseURL)) {
    throw new CommandError(words.init.badUrl('--base-url', baseURL), words.init.noUrl, 2)
  }
  if (model === 'offline' && baseURL === undefined) return demo
  const named = namedService(env)
  if (baseURL === undefined && named === null) {
    const [first] = await findCandidates(env)
    if (first === undefined) {
      if (model === undefined) return demo
      throw new CommandError(words.init.noService(model), words.init.noServiceHint, 2)
    }
    return { service: first.service, name: model ?? needed(first.proposed, first.problem) }
  }
  // A key is for the service that it came with, and goes to no other.
  const key = env['MODEL_API_KEY']
  const service =
    baseURL === undefined || baseURL === named?.service.baseURL
      ? (named?.service ?? {})
      : { baseURL, ...(key === undefined ? {} : { key: { name: keyName(false), value: key } }) }
  const wanted = model ?? (baseURL === undefined ? env['OPENAI_MODEL'] : undefined)
  if (wanted !== undefined) return { service, name: wanted }
  const { names, problem } = await listModels(service, env)
  return { service, name: needed(usualModel(names), problem) }
}

function needed(name: string | null, problem: string | null): string {
  if (name !== null) return name
  throw new CommandError(problem ?? words.init.noModels, words.init.noModelsHint, 1)
}

export async function givenTelegram(flags: Flags, env: Environment): Promise<TelegramPlan | null> {
  const { connector = 'none', allow = '', 'telegram-api': apiRoot } = flags as Record<string, string | undefined>
  if (connector === 'none') return null
  const ids = parseAllow(allow)
  if (ids === null) throw new CommandError(words.init.badAllow(allow), words.init.noIds, 2)
  const token = (env[tokenName] ?? (process.stdin.isTTY ? '' : await readHidden(''))).trim()
  if (token === '') throw new CommandError(words.init.noTokenGiven, words.init.noTokenGivenHint(tokenName), 2)
  const plan: TelegramPlan = { token, ...(apiRoot === undefined ? {} : { apiRoot }), allow: ids }
  if (flags['skip-tests'] === true) return plan
  talk(words.init.tryingToken, flags)
  const check = await tryTelegram(plan, env)
  if (!check.ok) throw new CommandError(check.problem, `${check.hint ?? ''} ${words.init.skipHint}`.trim(), 1)
  talk(words.init.tokenGood(check.latencyMs), flags)
  return plan
}
