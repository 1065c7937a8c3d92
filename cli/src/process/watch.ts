import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { watch as watchFiles } from 'chokidar'
import { keyFiles, operatorKeyFile } from '../key-files/key-files.ts'
import { readEnvironment } from '../settings/environment.ts'
import { createLogger } from './logger.ts'
import { parentVariable } from './parent.ts'
import type { Flags } from '../tree/command.ts'
import { findConfig } from '../settings/read-config.ts'
import { levelOf } from '../settings/settings.ts'

/** Editors write a file in several steps, and a switch of branches writes many. ms. */
const settleMs = 100
/** How long what is under way may go on before it is handed back; the next one takes it up. ms. */
const graceMs = 1_100

/** Folders that no configuration is written in; the database is in one of them, and changes all the time. */
const skipped = /^(node_modules|\..+|dist)$/
const source = /\.(ts|mts|js|mjs|json)$|^\.env$/
/** What each run writes beside its database, which may be beside the configuration, too: it would be begun anew for ever. */
const ownNote = /\.(owner|service)\.json$/

/**
 * `asyncv start --watch`, for who writes the configuration or its tools: runs the service as a process of its own, and
 * begins anew when a file beside the configuration has changed. One that fails waits for the next change; one that somebody
 * stops is not wanted any more, and ends this as well. When this is killed the service ends with it, since the channel
 * between the two is closed then.
 */
export async function watch(flags: Flags): Promise<void> {
  const folder = dirname(findConfig(flags['config'], process.env) ?? `${process.cwd()}/.`)
  const logger = await createLogger(levelOf(flags, readEnvironment(folder, process.env)))
  const files = watchFiles(folder, {
    ignoreInitial: true,
    ignored: (path, stats) =>
      path !== folder && (stats?.isFile() === true ? !isSource(path) : isSkipped(basename(path))),
  })
  let enough: (() => void) | undefined
  let child = begin()
  let settling: NodeJS.Timeout | undefined
  let restarting = Promise.resolve()
  files.on('all', (_, path) => {
    clearTimeout(settling)
    settling = setTimeout(() => {
      restarting = restarting.then(async () => {
        logger.info({ file: path }, 'changed: starting anew')
        child.removeAllListeners('exit')
        await end(child)
        child = begin()
      })
    }, settleMs)
  })

  function begin(): ChildProcess {
    const started = spawn(process.execPath, [...process.execArgv, ...withoutWatch(process.argv.slice(1))], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, [parentVariable]: 'watch' },
    })
    started.once('exit', (code) => {
      if (code === 0) enough?.()
      else logger.warn({ code }, 'ended: waiting for a change')
    })
    return started
  }

  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    enough = () => resolve('SIGTERM')
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  clearTimeout(settling)
  await files.close()
  await restarting
  // A second signal is for the service alone, which hurries then.
  const pass = (again: NodeJS.Signals): void => void child.kill(again)
  process.on('SIGINT', pass).on('SIGTERM', pass)
  await end(child, signal, Number.POSITIVE_INFINITY)
  process.off('SIGINT', pass).off('SIGTERM', pass)
}

async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGINT', hurryMs = graceMs): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  const hurry = Number.isFinite(hurryMs) ? setTimeout(() => child.kill(signal), hurryMs) : undefined
  await ended
  clearTimeout(hurry)
}

function isSource(path: string): boolean {
  const name = basename(path)
  if (!source.test(name) || ownNote.test(name)) return false
  // Those are ours where our key is.
  return !keyFiles.some((one) => one === name) || !existsSync(join(dirname(path), operatorKeyFile))
}

function isSkipped(name: string): boolean {
  return skipped.test(name) && !source.test(name)
}

function withoutWatch(args: readonly string[]): string[] {
  return args.filter((arg) => arg !== '--watch' && arg !== '-w')
}
