import type { Check, Logger, PartTest } from 'asyncv'
import { type Management, managementOf } from '../calling/management.ts'
import { cleanLine } from '../terminal/clean.ts'
import { words } from '../words/spoken.ts'
import { error, type Finding, note, ok, warning } from './finding.ts'
import { said, type Scene } from './scene.ts'

/** How long a service may take to answer. ms */
const longestMs = 15_000

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }

/** Tries each key and token for real: those of the service that runs, else those that the next start would take. */
export async function lookAtParts(scene: Scene): Promise<Finding[]> {
  return (await byService(scene)) ?? (await byHand(scene))
}

interface Tried {
  kind: 'provider' | 'connector'
  name: string
  check: Check | null
}

/** Null where no service runs, or it takes no orders, or none of these. */
async function byService({ owner, database }: Scene): Promise<Finding[] | null> {
  if (owner === null) return null
  try {
    const management = managementOf(owner, database, 'asyncv.status()')
    const { connectors, providers } = await management.ask<{
      connectors: { name: string }[]
      providers: { name: string }[]
    }>('GET', '/status')
    const all = [
      ...providers.map(({ name }) => ({ kind: 'provider' as const, name })),
      ...connectors.map(({ name }) => ({ kind: 'connector' as const, name })),
    ]
    return (await Promise.all(all.map((part) => askService(management, part)))).map(findingOf)
  } catch {
    return null
  }
}

async function askService({ ask }: Management, { kind, name }: Pick<Tried, 'kind' | 'name'>): Promise<Tried> {
  const test = await ask<PartTest>('POST', `/${kind}s/${encodeURIComponent(name)}/test`)
  if (test.result === 'untestable') return { kind, name, check: null }
  if (test.result === 'ok') return { kind, name, check: { ok: true, latencyMs: test.latencyMs ?? 0 } }
  const hint = test.hint === null ? {} : { hint: test.hint }
  return { kind, name, check: { ok: false, problem: test.detail ?? '', ...hint } }
}

/** Made as a start makes them; only looked at, so a service may run beside it. */
async function byHand({ settings, database, hasMasterKey }: Scene): Promise<Finding[]> {
  if (settings === null) return []
  const { doctor } = words
  const { vault, asyncv } = settings
  const { sealedSecrets } = await import('asyncv/sqlite')
  const findings: Finding[] = []
  try {
    const store = await sealedSecrets(database)
    const sealed = (await store.secrets()).length
    if (sealed > 0 && !hasMasterKey) {
      findings.push(error('secret.keyless', doctor.keyless(sealed), doctor.keylessFix))
      return findings
    }
    await vault.open(store, { now: Date.now, logger: silent })
    const shut = (await vault.list()).filter(({ fingerprint }) => fingerprint === null).map(({ name }) => name)
    if (shut.length > 0) findings.push(warning('secret.unreadable', doctor.shut(shut), doctor.shutFix))
    else if (sealed > 0) findings.push(ok('secrets', doctor.secrets(sealed)))
  } catch (failure) {
    const { text, hint } = said(failure)
    const { code } = Object(failure) as { code?: string }
    const name =
      code === 'secret_unreadable' ? 'secret.unreadable' : code === 'config_invalid' ? 'secret.missing' : null
    // What is wrong with the database itself is told where that is looked at.
    return name === null ? findings : [...findings, error(name, text, hint ?? doctor.shutFix)]
  }
  try {
    const parts = [
      ...Object.entries(asyncv.providers ?? {}).map(([name, part]) => ({ kind: 'provider' as const, name, part })),
      ...Object.entries(asyncv.connectors ?? {}).map(([name, part]) => ({ kind: 'connector' as const, name, part })),
    ]
    const tried = await Promise.all(
      parts.map(async ({ kind, name, part }): Promise<Tried> => {
        const check = (await part.test?.(AbortSignal.timeout(longestMs)).catch(thrown)) ?? null
        await part.close?.()
        return { kind, name, check: check === null ? null : hidden(check, (text) => vault.hide(text)) }
      }),
    )
    return [...findings, ...tried.map(findingOf)]
  } finally {
    await vault.close()
  }
}

/** Against its promise. */
function thrown(failure: unknown): Check {
  return { ok: false, problem: said(failure).text }
}

function hidden(check: Check, hide: (text: string) => string): Check {
  if (check.ok) return check
  return { ok: false, problem: hide(check.problem), ...(check.hint === undefined ? {} : { hint: hide(check.hint) }) }
}

function findingOf({ kind, name, check }: Tried): Finding {
  const { doctor } = words
  const part = `${doctor.kinds[kind]} ${name}`
  if (check === null) return note(`${kind}.untestable`, doctor.untestable(part))
  if (check.ok) return ok(kind, doctor.works(part, Math.round(check.latencyMs)))
  return error(`${kind}.failed`, doctor.fails(part, cleanLine(check.problem)), cleanLine(check.hint ?? doctor.failsFix))
}
