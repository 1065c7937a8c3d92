import type { Readiness } from './api.ts'
import type { Runtime } from './runtime.ts'
import type { Storage } from './storage.ts'

/** Looks at the parts of a runtime, of which `connectors` are the configured ones; null before it has started. */
export async function readinessOf(
  runtime: Runtime | null,
  connectors: Iterable<string>,
  release: Readiness['checks'][number] | null,
): Promise<Readiness> {
  if (runtime === null) return { ready: false, checks: [{ name: 'runtime', ok: false, detail: 'not started' }] }
  const { connections, drain, draining } = runtime
  const storage = await storageCheck(runtime.storage)
  const names = [...connectors]
  const platforms = names.map((name) => {
    const { ok = true, detail = connections.isStopped(name) ? 'stopped' : undefined } = connections.healthOf(name) ?? {}
    return {
      name: `connector ${name}`,
      ok: ok && connections.has(name),
      ...(detail === undefined ? {} : { detail }),
    }
  })
  const why = draining ? 'the runtime is stopping' : drain.isOn ? 'no messages are taken in until that is undone' : null
  const leaving = why === null ? [] : [{ name: 'draining', ok: false, detail: why }]
  return {
    // A platform that is away is shown, and keeps nobody else from being answered; so is a connector that was stopped.
    ready:
      storage.ok && (release?.ok ?? true) && names.every((name) => connections.find(name) !== null) && why === null,
    checks: [storage, ...platforms, ...(release === null ? [] : [release]), ...leaving],
  }
}

/**
 * Any look-up tells whether the database answers. A disk that takes nothing can be read all the same: after a commit that
 * failed, one has to succeed, and since nobody sends messages to who is not ready, it is tried here.
 */
async function storageCheck(storage: Storage): Promise<Readiness['checks'][number]> {
  try {
    await storage.task('')
    if (storage.refusal() !== null) await storage.tryDisk()
    return { name: 'storage', ok: true }
  } catch (error) {
    return { name: 'storage', ok: false, detail: (error as Error).message }
  }
}
