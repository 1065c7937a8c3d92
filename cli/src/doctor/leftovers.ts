import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { lockOwner } from '@asyncv/migrations'
import { bytesOf } from '../terminal/bytes.ts'
import { words } from '../words/spoken.ts'
import { type Finding, note, warning } from './finding.ts'
import type { Scene } from './scene.ts'

const oldMs = 30 * 86_400_000

/** What processes that died have left, and what piles up. Nothing of it is data but the logs, which are only told of. */
export function lookForLeftovers({ database, owner }: Scene): Finding[] {
  const folder = dirname(database)
  if (database === ':memory:' || !existsSync(folder)) return []
  const names = readdirSync(folder)
  return [
    ...stale(database, owner !== null),
    ...unfinished(database, names, owner !== null),
    ...kept(database, names),
    ...logs(folder, names),
  ]
}

/** The lock itself cannot be stale: the kernel drops it. What it says of its holder can. */
function stale(database: string, isOwned: boolean): Finding[] {
  const { doctor } = words
  return [`${database}.owner.json`, `${database}.service.json`].flatMap((file): Finding[] => {
    if (isOwned || !existsSync(file)) return []
    return [
      {
        ...warning('owner.stale', doctor.stale(file, pidIn(file)), doctor.staleFix(file)),
        repair: () => remove(file, database),
      },
    ]
  })
}

/** Under the lock: whoever has begun meanwhile is at work on it. */
async function remove(file: string, database: string): Promise<string> {
  const owner = await lockOwner(database)
  rmSync(file, { recursive: true, force: true })
  owner.release()
  return words.doctor.removed(file)
}

function pidIn(file: string): string {
  try {
    return String((JSON.parse(readFileSync(file, 'utf8')) as { pid?: unknown }).pid ?? '?')
  } catch {
    return '?'
  }
}

/** While nobody has the database, nobody is restoring it. */
function unfinished(database: string, names: readonly string[], isOwned: boolean): Finding[] {
  const { doctor } = words
  const own = basename(database)
  return names
    .filter((name) => name.startsWith(`${own}.restoring`) || name === `${own}.owner.json.new`)
    .map((name): Finding => {
      const file = join(dirname(database), name)
      return {
        ...warning('restore.left', doctor.unfinished(file), doctor.staleFix(file)),
        ...(isOwned
          ? {}
          : {
              repair: () => remove(file, database),
            }),
      }
    })
}

function kept(database: string, names: readonly string[]): Finding[] {
  const { doctor } = words
  const old = names.filter(
    (name) => name.startsWith(`${basename(database)}.before-`) && !/-(files|wal|shm)$/.test(name),
  )
  if (old.length === 0) return []
  const size = old.reduce((sum, name) => sum + statSync(join(dirname(database), name)).size, 0)
  return [note('restore.kept', doctor.kept(old, bytesOf(size)), doctor.keptFix)]
}

function logs(folder: string, names: readonly string[]): Finding[] {
  const { doctor } = words
  const before = Date.now() - oldMs
  const old = names
    .filter((name) => /\.log(\.|$)/.test(name))
    .map((name) => statSync(join(folder, name)))
    .filter(({ mtimeMs }) => mtimeMs < before)
  if (old.length === 0) return []
  const size = old.reduce((sum, one) => sum + one.size, 0)
  return [note('logs.old', doctor.oldLogs(old.length, folder, bytesOf(size)), doctor.oldLogsFix)]
}
