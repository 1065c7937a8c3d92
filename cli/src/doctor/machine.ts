import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { bytesOf } from '../terminal/bytes.ts'
import { words } from '../words/spoken.ts'
import { error, type Finding, ok, warning } from './finding.ts'
import type { Scene } from './scene.ts'

/** Less room than that is soon none. bytes */
const leastRoom = 100_000_000
const littleRoom = 1_000_000_000
/** A message waits twice for the disk. ms */
const slowSyncMs = 50
/** Days until the disk is full, below which it is time to do something. */
const fewDays = 30

/** What the process stands on: its ports, and the disk of the database. */
export async function lookAtMachine(scene: Scene, bytesPerDay: number | null): Promise<Finding[]> {
  return [...(await ports(scene)), ...disk(scene, bytesPerDay)]
}

async function ports({ settings, owner }: Scene): Promise<Finding[]> {
  if (settings === null) return []
  const { doctor } = words
  const { host, port, managementPort } = settings.server
  const wanted = [
    [host, port],
    ['127.0.0.1', managementPort],
  ] as const
  const own = [owner?.url, owner?.management].map((url) => (url === undefined ? null : Number(new URL(url).port)))
  const findings: Finding[] = []
  for (const [address, number] of wanted) {
    if (number === 0) continue
    const at = `${address}:${number}`
    const code = await occupied(address, number)
    if (own.includes(number)) findings.push(ok('port.own', doctor.portOwn(at)))
    else if (code === null) findings.push(ok('port.free', doctor.portFree(at)))
    else if (code === 'EADDRINUSE')
      findings.push(error('port.taken', doctor.portTaken(at), doctor.portTakenFix(number)))
    else findings.push(error('port.unusable', doctor.portUnusable(at, code), doctor.portUnusableFix))
  }
  return findings
}

/** Null when one can listen there, else the code of what keeps one from it. */
function occupied(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (failure: NodeJS.ErrnoException) => resolve(failure.code ?? failure.message))
    server.listen(port, host, () => server.close(() => resolve(null)))
  })
}

function disk({ database }: Scene, bytesPerDay: number | null): Finding[] {
  if (database === ':memory:') return []
  const folder = nearest(dirname(database))
  return [...room(folder, bytesPerDay), ...speed(folder)]
}

/** The folder itself is made by the first start. */
function nearest(folder: string): string {
  for (let at = folder; ; at = dirname(at)) if (existsSync(at) || at === dirname(at)) return at
}

function room(folder: string, bytesPerDay: number | null): Finding[] {
  const { doctor } = words
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const left = bytesOf(free)
  if (free < leastRoom) return [error('disk.full', doctor.diskFull(folder, left), doctor.diskFix)]
  if (free < littleRoom) return [warning('disk.little', doctor.diskFull(folder, left), doctor.diskFix)]
  const days = bytesPerDay === null || bytesPerDay === 0 ? Number.POSITIVE_INFINITY : free / bytesPerDay
  if (days < fewDays) return [warning('disk.filling', doctor.diskFilling(folder, Math.floor(days)), doctor.diskFix)]
  return [ok('disk', doctor.disk(folder, left))]
}

function speed(folder: string): Finding[] {
  const { doctor } = words
  const file = join(folder, `.asyncv-doctor-${process.pid}`)
  try {
    const handle = openSync(file, 'wx', 0o600)
    try {
      const times = Array.from({ length: 7 }, () => {
        writeSync(handle, Buffer.alloc(4_096))
        const begun = performance.now()
        fsyncSync(handle)
        return performance.now() - begun
      }).sort((a, b) => a - b)
      const ms = times[3] ?? 0
      const took = ms < 10 ? ms.toFixed(1) : String(Math.round(ms))
      return [
        ms > slowSyncMs
          ? warning('disk.slow', doctor.diskSlow(took), doctor.diskSlowFix)
          : ok('disk.sync', doctor.diskSync(took)),
      ]
    } finally {
      closeSync(handle)
      rmSync(file, { force: true })
    }
  } catch (failure) {
    const { message } = failure as Error
    return [error('disk.unwritable', doctor.unwritable(folder, message), doctor.unwritableFix)]
  }
}
