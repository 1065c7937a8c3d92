import { accessSync, appendFileSync, chmodSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, relative, sep } from 'node:path'
import { keyFiles, trustFile } from '../key-files/key-files.ts'
import { logFileOf } from '../process/log-file.ts'
import { cleanLine } from '../terminal/clean.ts'
import { words } from '../words/spoken.ts'
import { error, type Finding, ok, warning } from './finding.ts'
import type { Scene } from './scene.ts'

/** Who else may read what is secret, and whether it would go into a repository. */
export function lookAtModes({ directory, database }: Scene): Finding[] {
  const folder = dirname(database)
  const secret =
    database === ':memory:'
      ? [join(directory, '.env')]
      : [
          join(directory, '.env'),
          ...keyFiles.map((name) => join(folder, name)),
          ...['', '-wal', '-shm'].map((suffix) => `${database}${suffix}`),
        ]
  return [...modes(secret.filter((file) => existsSync(file))), ...ignored(directory, database)]
}

function modes(files: readonly string[]): Finding[] {
  // Windows has rights of another kind.
  if (process.platform === 'win32' || files.length === 0) return []
  const { doctor } = words
  const findings = files.flatMap((file): Finding[] => {
    const mode = statSync(file).mode & 0o777
    if (!readable(file)) return [error('file.unreadable', doctor.fileUnreadable(file), doctor.fileUnreadableFix)]
    if ((mode & 0o077) === 0) return []
    if (basename(file) === trustFile && (mode & 0o022) !== 0) return [writableTrust(file, mode)]
    return [
      {
        ...error('file.mode', doctor.fileMode(file, mode.toString(8)), doctor.fileModeFix(file)),
        repair() {
          chmodSync(file, 0o600)
          return doctor.fileModeDone(file)
        },
      },
    ]
  })
  return findings.length > 0 ? findings : [ok('file.modes', doctor.fileModes(files.length))]
}

/** Closing it would bless whatever others wrote there: who is in it is for a person to look at. */
function writableTrust(file: string, mode: number): Finding {
  const { doctor } = words
  return error(
    'trust.writable',
    doctor.trustWritable(file, mode.toString(8), namesIn(file)),
    doctor.trustWritableFix(file),
  )
}

/** As far as there are any: the list is not to be believed, only shown. */
function namesIn(file: string): string[] {
  try {
    const { publishers } = JSON.parse(readFileSync(file, 'utf8')) as {
      publishers: { name: string; fingerprint: string }[]
    }
    return publishers.map(({ name, fingerprint }) => cleanLine(`${name} (${fingerprint})`))
  } catch {
    return []
  }
}

function readable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK)
    return true
  } catch {
    return false
  }
}

/** Only where there is a repository that they could go into. */
function ignored(directory: string, database: string): Finding[] {
  const root = repositoryOf(directory)
  if (root === null) return []
  const { doctor } = words
  const data = database === ':memory:' ? [] : dataIn(root, directory, database)
  // What lies elsewhere in the repository, no line beside the configuration can name.
  const folder = data.length === 0 || isWithin(directory, dirname(database)) ? directory : root
  const lines = linesUpTo(root, directory)
  // What lies by the database counts for that alone.
  const dataLines = data.length === 0 ? lines : [...lines, ...linesUpTo(root, dirname(database))]
  const file = join(folder, '.gitignore')
  const wanted = [
    ...(hasOne(lines, ['.env', '.env*', '*.env']) ? [] : ['.env']),
    ...data.filter(({ ways }) => !hasOne(dataLines, ways)).map(({ line }) => line),
  ]
  if (wanted.length === 0) return [ok('gitignore', doctor.gitignore)]
  return [
    {
      ...warning('gitignore.missing', doctor.gitignoreMissing(wanted, file), doctor.gitignoreFix(file)),
      repair() {
        const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
        const gap = before === '' || before.endsWith('\n') ? '' : '\n'
        appendFileSync(file, `${gap}${wanted.join('\n')}\n`)
        return doctor.gitignoreDone(wanted, file)
      },
    },
  ]
}

function hasOne(lines: readonly string[], names: readonly string[]): boolean {
  return lines.some((line) => names.includes(line.replace(/^\//, '')))
}

/** A line for what is not to be committed, and the ways in which people write it. */
interface Unwanted {
  line: string
  ways: string[]
}

/** The keys and the data that Git would take along, by their folder, or each by its name where that holds other things as well. */
function dataIn(root: string, directory: string, database: string): Unwanted[] {
  const folder = dirname(database)
  if (!isWithin(root, folder)) return []
  if (isWithin(folder, directory)) {
    const name = basename(database)
    const log = basename(logFileOf(database) ?? '')
    return [
      ...[name, log].map((one) => ({ line: `${one}*`, ways: [`${one}*`, `*${extname(one)}*`, '*'] })),
      ...keyFiles.map((key) => ({ line: key, ways: [key, `*${extname(key)}`, '*'] })),
    ]
  }
  const path = relative(isWithin(directory, folder) ? directory : root, folder).split(sep)
  // Whoever ignores a folder ignores what is in it.
  const above = path.map((_, count) => path.slice(0, count + 1).join('/'))
  const line = `${path.join('/')}/`
  return [{ line, ways: [...above.flatMap((one) => [one, `${one}/`, `${one}/*`, `${one}/**`]), '*'] }]
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`)
}

function repositoryOf(directory: string): string | null {
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (at === dirname(at)) return null
  }
}

function linesUpTo(root: string, directory: string): string[] {
  const lines: string[] = []
  for (let at = directory; ; at = dirname(at)) {
    const file = join(at, '.gitignore')
    if (existsSync(file))
      lines.push(
        ...readFileSync(file, 'utf8')
          .split(/\r?\n/)
          .map((line) => line.trim()),
      )
    if (at === root) return lines
  }
}
