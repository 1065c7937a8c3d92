import colors from 'picocolors'
import { words } from '../words/spoken.ts'

/** What there is to say of a service that has just started. */
export interface Welcome {
  url: string
  /** What was found, in sentences. */
  story: readonly string[]
  database: string
  agents: readonly string[]
  /** Whether callers need a key. */
  wantsKey: boolean
}

/**
 * What somebody reads who has just started the service: what runs, and how to try it. `detached` is one that runs on when
 * the command has ended.
 */
export function welcome(
  { story, database, agents, url, wantsKey }: Welcome,
  detached: { pid: number; log: string } | null = null,
): string {
  const { bold, dim, cyan } = colors.createColors(colors.isColorSupported && process.stdout.isTTY)
  const agent = agents[0] ?? 'assistant'
  const body = JSON.stringify({ text: words.start.question })
  // In a clone of the repository the command is a script of its own.
  const command = process.env['npm_lifecycle_event'] === 'start' ? 'npm run asyncv --' : 'npx @asyncv/cli'
  return [
    '',
    `  ${words.start.running(bold('asyncv'), cyan(url))}`,
    ...story.map((line) => `  ${line}`),
    `  ${dim(words.start.database(database))}`,
    ...(detached === null
      ? []
      : [`  ${dim(words.detach.log(detached.log))}`, `  ${words.detach.process(detached.pid)}`]),
    '',
    `  ${detached === null ? words.start.tryIt : words.detach.tryIt}`,
    `    ${cyan(`${command} chat`)}`,
    `    ${cyan(`curl ${url}/v1/agents/${agent}/messages \\`)}`,
    ...(wantsKey ? [`      ${cyan('-H "authorization: Bearer $ASYNCV_KEY" \\')}`] : []),
    `      ${cyan(`-H 'content-type: application/json' -d '${body}'`)}`,
    '',
    `  ${dim(detached === null ? words.start.pages(url) : `${url}/docs · /openapi.json · /readyz · /metrics`)}`,
    '',
    '',
  ].join('\n')
}
