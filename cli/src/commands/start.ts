import { createAsyncv } from 'asyncv'
import { createServer } from '@asyncv/server'
import colors from 'picocolors'
import { failWith } from '../failure.ts'
import { crashHook } from '../hook.ts'
import { createLogger } from '../logger.ts'
import type { Flags } from '../program.ts'
import { loadSettings, type Settings } from '../settings.ts'

/** How long running tasks may go on after the first signal: what most supervisors grant before they kill. ms. */
const drainMs = 25_000

/** `asyncv start`: runs until a signal, then drains; a second signal hurries. */
export async function run(flags: Flags): Promise<void> {
  const { env } = process
  const settings = await loadSettings(flags, env)
  const logger = createLogger(String(flags['log-level'] ?? env['ASYNCV_LOG_LEVEL'] ?? 'info'))
  const hook = crashHook(env)
  const asyncv = createAsyncv({ ...settings.asyncv, logger, ...(hook === null ? {} : { hook }) })
  await asyncv.start()
  const server = createServer(asyncv, { ...settings.server, logger })
  const listening = await server.listen(settings.server).catch(async (error: unknown) => {
    await asyncv.stop({ drainMs: 0 })
    throw error
  })
  process.stdout.write(welcome(settings, listening.url))

  const hurry = new AbortController()
  let signals = 0
  const onSignal = (signal: string): void => {
    signals++
    if (signals > 1) {
      logger.info({ signal }, 'in a hurry: handing back what is not done')
      return hurry.abort()
    }
    logger.info({ signal }, 'stopping: waiting for what is under way (once more to hurry)')
    void stop().catch(failWith)
  }
  const stop = async (): Promise<void> => {
    // Callers get the answers that are still computed; who waits longer than the drain is cut.
    const closed = listening.close({ graceMs: drainMs + 1_000 })
    await asyncv.stop({ drainMs, signal: hurry.signal })
    await closed
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
    logger.info({}, 'stopped')
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
}

function welcome({ story, database, agents }: Settings, url: string): string {
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
    `      ${cyan(`-H 'content-type: application/json' -d '${body}'`)}`,
    '',
    `  ${dim(`${url}/openapi.json · /readyz · /metrics · Ctrl-C stops`)}`,
    '',
    '',
  ].join('\n')
}
