import { AsyncvError } from 'asyncv'
import { readOwner } from '@asyncv/migrations'
import { join, resolve } from 'node:path'

/** The URL of the service that runs here: named, or announced by the owner of the database, or on the default port. */
export async function findService(
  url: unknown,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  const named = url ?? env['ASYNCV_URL']
  if (typeof named === 'string' && named !== '') return named.replace(/\/$/, '')
  const home = resolve(env['ASYNCV_HOME'] ?? '.asyncv')
  const owner = await readOwner(join(home, 'asyncv.db')).catch(() => null)
  if (owner?.url !== undefined) return owner.url
  const usual = `http://127.0.0.1:${env['ASYNCV_PORT'] ?? 7400}`
  return (await isAsyncv(usual)) ? usual : null
}

export function noService(): AsyncvError {
  return new AsyncvError('not_running', 'No asyncv service was found.', {
    hint: 'Start one with "asyncv start", or name it with --url.',
  })
}

async function isAsyncv(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/livez`, { signal: AbortSignal.timeout(1_000) })
    return response.ok
  } catch {
    return false
  }
}
