import { type Asyncv, createAsyncv } from 'asyncv'
import { readOwner } from '@asyncv/migrations'
import { createServer, isLoopback, type Listening, type Server } from '@asyncv/server'
import colors from 'picocolors'
import { CommandError } from '../failure.ts'
import { crashHook } from '../hook.ts'
import { createLogger } from '../logger.ts'
import type { Flags } from '../program.ts'
import { loadSettings, type Settings } from '../settings.ts'
import { ensureOperatorKey } from '../operator-key.ts'
import { listenForSignals } from '../signals.ts'

/** How long running tasks may go on after the first signal: what most supervisors grant before they kill. ms. */
const drainMs = 25_000

/** `asyncv start`: runs until a signal, then drains; a second signal hurries. */
export async function run(flags: Flags): Promise<void> {
  const settings = await loadSettings(flags, process.env)
  const logger = createLogger(settings.logLevel)
  const hook = await crashHook(process.env)
  const asyncv = createAsyncv({ ...settings.asyncv, logger, ...(hook === null ? {} : { hook }) })
  // Before anything is taken up: a signal in the middle of the start must not look like a crash.
  const signals = listenForSignals(logger)
  try {
    const operatorKey = ensureOperatorKey(settings.database)
    const server = createServer(asyncv, {
      ...settings.server,
      ...(operatorKey === null ? {} : { operatorKey }),
      logger,
    })
    // First of all: work that is begun and broken off because of a port would be begun at each restart. But only a runtime
    // that has started knows whether there are keys, without which nobody but this machine is listened to.
    const early = isLoopback(settings.server.host) ? await listen(server, settings) : null
    await start(asyncv, early, signals.hurry)
    const listening = early ?? (await listen(server, settings).catch((error) => giveUp(asyncv, error)))
    // Whoever reads the welcome may leave; the service stays.
    process.stdout.on('error', () => {})
    process.stdout.write(welcome(settings, listening.url, await asyncv.keys.exist()))
    await signals.first
    await stop(asyncv, listening, signals.hurry)
    logger.info({}, 'stopped')
  } finally {
    signals.release()
  }
}

/** Who starts a second time finds the port in use by the first, and wants to know that it is the first. */
async function runsAlready(database: string): Promise<CommandError | null> {
  const owner = await readOwner(database).catch(() => null)
  if (owner?.url === undefined) return null
  return new CommandError(
    `asyncv runs here already: process ${owner.pid}, ${owner.url}.`,
    'Talk to it with "asyncv chat", stop it, or give this one a port and a storage of its own.',
    2,
  )
}

/** Both listeners, as one: callers are heard when those who manage it are, too. */
async function listen(server: Server, { server: at, database }: Settings): Promise<Listening> {
  const runtime = await server.listen(at).catch(async (error: unknown) => {
    throw (await runsAlready(database)) ?? error
  })
  const management = await server.management.listen(at.managementPort).catch(async (error: unknown) => {
    await runtime.close({ graceMs: 0 })
    throw error
  })
  return {
    url: runtime.url,
    async close(options) {
      await Promise.all([runtime.close(options), management.close(options)])
    },
  }
}

async function giveUp(asyncv: Asyncv, error: unknown): Promise<never> {
  await asyncv.stop({ drainMs: 0 })
  throw error
}

async function start(asyncv: Asyncv, listening: Listening | null, hurry: AbortSignal): Promise<void> {
  // A platform that does not answer can hold a start. Nothing runs yet, so there is nothing to end in good order.
  const leave = (): never => process.exit(1)
  hurry.addEventListener('abort', leave)
  try {
    await asyncv.start()
  } catch (error) {
    await listening?.close({ graceMs: 0 })
    throw error
  } finally {
    hurry.removeEventListener('abort', leave)
  }
}

async function stop(asyncv: Asyncv, listening: Listening, hurry: AbortSignal): Promise<void> {
  // Callers get the answers that are still computed; who waits longer than the drain is cut.
  const closed = listening.close({ graceMs: drainMs + 1_000 })
  const cut = (): void => void listening.close({ graceMs: 100 })
  if (hurry.aborted) cut()
  else hurry.addEventListener('abort', cut, { once: true })
  await asyncv.stop({ drainMs, signal: hurry })
  await closed
}

function welcome({ story, database, agents }: Settings, url: string, wantsKey: boolean): string {
  const { bold, dim, cyan } = colors.createColors(colors.isColorSupported && process.stdout.isTTY)
  const agent = agents[0] ?? 'assistant'
  const body = `{"text": "What time is it, and what is 6 * 7?"}`
  // In a clone of the repository the command is a script of its own.
  const command = process.env['npm_lifecycle_event'] === 'start' ? 'npm run asyncv --' : 'npx @asyncv/cli'
  return [
    '',
    `  ${bold('asyncv')} is running at ${cyan(url)}`,
    ...story.map((line) => `  ${line}`),
    `  ${dim(`Database: ${database}`)}`,
    '',
    `  Try it, in another terminal:`,
    `    ${cyan(`${command} chat`)}`,
    `    ${cyan(`curl ${url}/v1/agents/${agent}/messages \\`)}`,
    ...(wantsKey ? [`      ${cyan('-H "authorization: Bearer $ASYNCV_KEY" \\')}`] : []),
    `      ${cyan(`-H 'content-type: application/json' -d '${body}'`)}`,
    '',
    `  ${dim(`${url}/openapi.json · /readyz · /metrics · Ctrl-C stops`)}`,
    '',
    '',
  ].join('\n')
}
