import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { cannotWrite } from '../cannot-write.ts'
import { CommandError } from '../failure.ts'
import { targetOf } from '../link-target.ts'
import { words } from '../words/spoken.ts'
import { type ConfigFormat, configText } from './config-text.ts'
import { type NamedSecret, type Plan, secretsOf } from './plan.ts'

/** What no one should commit. */
const ignored = ['.env', '.asyncv/']

interface File {
  path: string
  text: string
  /** Of a file that is new. */
  mode: number
  /** Only its owner may read it, also when it is there already. */
  isSecret?: true
}

/** Writes the configuration, `.env` and `.gitignore` into the folder, all of them or none. Returns the paths. */
export function writePlan(folder: string, plan: Plan, format: ConfigFormat): string[] {
  const files = [
    ...envFile(join(folder, '.env'), secretsOf(plan)),
    ...ignoreFile(join(folder, '.gitignore')),
    // Last: where it is, all that it needs is in its place.
    { path: join(folder, `asyncv.config.${format}`), text: configText(plan, format), mode: 0o644 },
  ]
  const written: string[] = []
  let current = folder
  try {
    mkdirSync(folder, { recursive: true })
    // First all of the writing, which may fail; what is there already is replaced when nothing can fail any more.
    const places = files.map(({ path, text, mode, isSecret }) => {
      current = path
      const target = targetOf(path)
      const before = statSync(target, { throwIfNoEntry: false })
      const right = isSecret || before === undefined ? mode : before.mode & 0o777
      const part = `${target}.asyncv-new`
      // One that was left behind might be readable by others.
      rmSync(part, { force: true })
      // Noted before: what is broken off in the middle is there too.
      written.push(part)
      writeFileSync(part, text, { mode: right, flag: 'wx' })
      chmodSync(part, right)
      return { path, target, part }
    })
    for (const { path, target, part } of places) {
      current = path
      renameSync(part, target)
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true })
    throw cannotWrite(current, error, words.init.cannotWriteHint)
  }
  return files.map(({ path }) => path)
}

/** Secrets of the plan whose place in an `.env` is taken by another value. */
export function takenSecrets(folder: string, plan: Plan): string[] {
  const there = parseEnv(readIfThere(join(folder, '.env')))
  return secretsOf(plan).flatMap(({ name, value }) =>
    there[name] === undefined || there[name] === value ? [] : [name],
  )
}

/** What is in the file stays, but for the values that are set. Also without a secret it is made private again. */
function envFile(path: string, secrets: readonly NamedSecret[]): File[] {
  const before = readIfThere(path)
  if (secrets.length === 0 && before === '') return []
  const there = parseEnv(before)
  const changed = secrets.filter(({ name, value }) => there[name] !== value)
  const kept = changed.reduce((text, { name }) => text.replace(assignmentsTo(name), ''), before)
  const lines = changed.map(({ name, value }) => `${name}=${quoted(name, value)}\n`)
  return [{ path, text: `${ended(kept)}${lines.join('')}`, mode: 0o600, isSecret: true }]
}

/** With all their lines: as Node reads it, a value in quotes goes on to the next such quote. */
function assignmentsTo(name: string): RegExp {
  const value = `(?:"[^"]*"|'[^']*'|\`[^\`]*\`)?[^\\n]*`
  return new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=[ \\t]*${value}(?:\\n|$)`, 'gm')
}

function ignoreFile(path: string): File[] {
  const before = readIfThere(path)
  const lines = before.split('\n').map((line) => line.trim().replace(/^\//, '').replace(/\/$/, ''))
  const missing = ignored.filter((line) => !lines.includes(line.replace(/\/$/, '')))
  if (missing.length === 0) return []
  return [{ path, text: `${ended(before)}${missing.map((line) => `${line}\n`).join('')}`, mode: 0o644 }]
}

function readIfThere(path: string): string {
  try {
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  } catch (error) {
    throw new CommandError(words.files.cannotRead(path, (error as Error).message), words.files.cannotReadHint, 2)
  }
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

/** In the quotes that the value does not have. */
function quoted(name: string, value: string): string {
  if (/^[\w.:/+=@-]*$/.test(value)) return value
  const quote = ["'", '"', '`'].find((sign) => !value.includes(sign))
  if (quote === undefined || /[\r\n]/.test(value)) {
    throw new CommandError(words.init.cannotQuote(name), words.init.cannotQuoteHint(name), 2)
  }
  return `${quote}${value}${quote}`
}
