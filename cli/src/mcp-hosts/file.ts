import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type * as Jsonc from 'jsonc-parser'
import { cannotWrite } from '../cannot-write.ts'
import { CommandError } from '../failure.ts'
import { targetOf } from '../link-target.ts'
import { placeAt } from '../settings/json-place.ts'
import { words } from '../words/spoken.ts'
import type { McpEntry } from './entry.ts'
import type { McpHost } from './hosts.ts'

/** What a host's file says now, and would say then. Comments and all else stay where they are. */
export interface Change {
  file: string
  /** Null when the file is not there. */
  before: string | null
  /** The same as `before` when there is nothing to do. */
  after: string
  /** A key goes into it. */
  isSecret: boolean
  /** A key that stands in it goes, or is changed: a copy of what was there would keep it. */
  hadKey: boolean
  isRemoval: boolean
}

/** Works a change out, and writes nothing. Throws for a file that cannot be read as what it should be: it is left alone. */
export async function planChange(host: McpHost, name: string, entry: McpEntry | null): Promise<Change> {
  const file = fileOf(host)
  const before = readIfThere(file)
  // Loaded when it is needed.
  const jsonc = await import('jsonc-parser')
  // Windows' editors begin files with a mark, which is no JSON.
  const mark = before?.startsWith('\ufeff') ? '\ufeff' : ''
  const text = before === null ? '' : before.slice(mark.length)
  const found = text.trim() === '' ? {} : parsed(jsonc, file, text)
  const servers = (found as Record<string, unknown>)[host.key]
  if (servers !== undefined && !isObject(servers)) {
    throw new CommandError(words.mcp.notObject(file, host.key), words.mcp.leftAlone, 2)
  }
  const known = servers?.[name]
  if (entry === null ? known === undefined : isDeepStrictEqual(known, entry)) {
    return { file, before, after: before ?? '', isSecret: false, hadKey: false, isRemoval: entry === null }
  }
  const start = text.trim() === '' ? '{}\n' : text
  const edits = jsonc.modify(start, [host.key, name], entry ?? undefined, { formattingOptions: formatting(start) })
  const after = jsonc.applyEdits(start, edits)
  // Of two keys with one name the first is changed, and hosts read the last.
  const read = parsed(jsonc, file, after) as Record<string, Record<string, unknown> | undefined>
  if (!isDeepStrictEqual(read[host.key]?.[name], entry ?? undefined)) {
    throw new CommandError(words.mcp.twice(file, host.key), words.mcp.leftAlone, 2)
  }
  return {
    file,
    before,
    after: mark + after,
    isSecret: entry?.env?.['ASYNCV_KEY'] !== undefined,
    hadKey: hasKey(known),
    isRemoval: entry === null,
  }
}

/**
 * Writes it, in one step, with a copy of what was there beside it; gives the name of the copy. Null where there is none: who takes
 * an entry with a key out wants the key gone, and all else stays where it was.
 */
export function carryOut({ file, before, after, isSecret, hadKey, isRemoval }: Change): string | null {
  const copy = before === null || (isRemoval && hadKey) ? null : copyOf(file)
  const draft = `${file}.asyncv-new`
  try {
    mkdirSync(dirname(file), { recursive: true })
    if (copy !== null) copyFileSync(file, copy)
    // Without one of ours it may hold keys of other servers.
    const mode = before === null ? 0o600 : statSync(file).mode & (isSecret ? 0o700 : 0o777)
    writeFileSync(draft, after, { mode })
    chmodSync(draft, mode)
    renameSync(draft, file)
    return copy
  } catch (error) {
    rmSync(draft, { force: true })
    if (copy !== null) rmSync(copy, { force: true })
    throw cannotWrite(file, error, words.mcp.printHint)
  }
}

function fileOf({ file }: McpHost): string {
  try {
    return targetOf(file)
  } catch (error) {
    throw new CommandError(words.files.cannotRead(file, (error as Error).message), words.mcp.printHint, 2)
  }
}

function hasKey(entry: unknown): boolean {
  const { env } = Object(entry) as { env?: unknown }
  return isObject(env) && env['ASYNCV_KEY'] !== undefined
}

function copyOf(file: string): string {
  const time = new Date().toISOString().replaceAll(/[-:]/g, '').replace(/\..*/, 'Z')
  let copy = `${file}.before-asyncv-${time}`
  for (let n = 2; existsSync(copy); n++) copy = `${file}.before-asyncv-${time}-${n}`
  return copy
}

function readIfThere(file: string): string | null {
  if (!existsSync(file)) return null
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CommandError(words.files.cannotRead(file, (error as Error).message), words.mcp.printHint, 2)
  }
}

function parsed(jsonc: typeof Jsonc, file: string, text: string): object {
  const errors: Jsonc.ParseError[] = []
  const value: unknown = jsonc.parse(text, errors, { allowTrailingComma: true })
  const [first] = errors
  if (first !== undefined) {
    const { line, column } = placeAt(text, first.offset)
    throw new CommandError(words.mcp.notJson(file, line, column), words.mcp.leftAlone, 2)
  }
  if (!isObject(value)) throw new CommandError(words.mcp.notObject(file, ''), words.mcp.leftAlone, 2)
  return value
}

/** As the file is written already. */
function formatting(text: string): Jsonc.FormattingOptions {
  const [, indent = '  '] = /\n([ \t]+)\S/.exec(text) ?? []
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 4 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
