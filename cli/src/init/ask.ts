import type { Environment } from '../settings/environment.ts'
import { usualModel } from '../settings/find-model.ts'
import { words } from '../words/spoken.ts'
import { type Candidate, findCandidates } from './candidates.ts'
import {
  demo,
  isHttpUrl,
  keyName,
  type ModelPlan,
  type ModelService,
  parseAllow,
  type TelegramPlan,
  tokenName,
} from './plan.ts'
import { agree, ask, askHidden, choose, type Choice, complain, praise, say } from './prompts.ts'
import { listModels, tryModel, tryTelegram } from './try-out.ts'

/** What a person wants an agent to talk with: asked for, and tried, until it answers or they want it all the same. */
export async function askModel(env: Environment): Promise<ModelPlan> {
  say(words.init.looking)
  const found = await findCandidates(env)
  for (;;) {
    const chosen = await askService(found)
    if (chosen === null) return demo
    const models = chosen.models ?? (await listModels(chosen.service, env))
    if (models.problem !== null) complain(models.problem)
    if (models.denied && !(await agree(words.init.keepAnyway))) continue
    const name = await askName(models.names, env['OPENAI_MODEL'] ?? usualModel(models.names))
    if (models.denied) return { service: chosen.service, name }
    say(words.init.trying(name))
    const tried = await tryModel(chosen.service, name, env)
    if (tried.ok) {
      praise(words.init.answered(name, tried.latencyMs, tried.said))
      return { service: chosen.service, name }
    }
    complain([tried.problem, tried.hint].filter((line) => line !== '').join('\n'))
    if (await agree(words.init.keepAnyway)) return { service: chosen.service, name }
  }
}

interface Chosen {
  service: ModelService
  models: Candidate | null
}

async function askService(found: readonly Candidate[]): Promise<Chosen | null> {
  const { choices } = words.init
  type Kind = Candidate | 'official' | 'other' | 'demo'
  const offered: Choice<Kind>[] = [
    ...found.map((candidate) => ({
      value: candidate,
      label: choices.found(candidate.from, candidate.service.baseURL),
      hint: candidate.problem === null ? choices.models(candidate.names.length) : choices.noAnswer,
    })),
    { value: 'official', label: choices.official },
    { value: 'other', label: choices.other, hint: choices.otherHint },
    { value: 'demo', label: choices.demo, hint: choices.demoHint },
  ]
  const kind = await choose(words.init.whichModel, offered)
  if (kind === 'demo') return null
  if (typeof kind === 'object') return { service: kind.service, models: kind }
  const baseURL = kind === 'other' ? await ask(words.init.baseURL, urlProblem, 'http://127.0.0.1:8000/v1') : undefined
  const required =
    kind === 'official' ? (text: string) => (text === '' ? words.init.needed : undefined) : () => undefined
  const value = await askHidden(kind === 'official' ? words.init.key : words.init.keyOrNone, required)
  return {
    service: {
      ...(baseURL === undefined ? {} : { baseURL }),
      ...(value === '' ? {} : { key: { name: keyName(kind === 'official'), value } }),
    },
    models: null,
  }
}

const urlProblem = (text: string): string | undefined => (isHttpUrl(text) ? undefined : words.init.noUrl)

/** More than that is not looked through, and a name is typed sooner. */
const listed = 200

async function askName(names: readonly string[], proposed: string | null): Promise<string> {
  const other = Symbol()
  if (names.length > 0 && names.length <= listed) {
    const choices: Choice<string | symbol>[] = names.map((name) => ({ value: name, label: name }))
    const chosen = await choose<string | symbol>(
      words.init.whichName,
      [...choices, { value: other, label: words.init.otherName }],
      proposed ?? undefined,
    )
    if (typeof chosen === 'string') return chosen
  }
  return ask(words.init.modelName, (text) => (text === '' ? words.init.needed : undefined), proposed ?? '')
}

/** A bot, or none. */
export async function askTelegram(env: Environment, apiRoot: string | undefined): Promise<TelegramPlan | null> {
  const { choices } = words.init
  const wanted = await choose(words.init.whichConnector, [
    { value: true, label: 'Telegram', hint: choices.telegramHint },
    { value: false, label: choices.noConnector, hint: choices.noConnectorHint },
  ])
  if (!wanted) return null
  const known = env[tokenName]
  const where = apiRoot === undefined ? {} : { apiRoot }
  for (let first = true; ; first = false) {
    // One that has just failed is asked for again.
    const token = first && known !== undefined ? known : await askHidden(words.init.token, tokenProblem)
    if (first && known !== undefined) say(words.init.tokenFound(tokenName))
    say(words.init.tryingToken)
    const check = await tryTelegram({ token, ...where, allow: [] }, env)
    if (check.ok) praise(words.init.tokenGood(check.latencyMs))
    else complain([check.problem, check.hint ?? ''].filter((line) => line !== '').join('\n'))
    if (check.ok || (await agree(words.init.keepAnyway))) return { token, ...where, allow: await askAllow() }
  }
}

const tokenProblem = (text: string): string | undefined =>
  /^\d{1,20}:[\w-]+$/.test(text) ? undefined : words.init.noToken

async function askAllow(): Promise<TelegramPlan['allow']> {
  const text = await ask(
    words.init.allow,
    (given) => (parseAllow(given) === null ? words.init.noIds : undefined),
    '4242',
  )
  return parseAllow(text) ?? []
}
