import colors from 'picocolors'
import type { Settings } from './settings.ts'
import { words } from './words/spoken.ts'

/** What somebody reads who has just started the service: what runs, and how to try it. */
export function welcome({ story, database, agents }: Settings, url: string, wantsKey: boolean): string {
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
    '',
    `  ${words.start.tryIt}`,
    `    ${cyan(`${command} chat`)}`,
    `    ${cyan(`curl ${url}/v1/agents/${agent}/messages \\`)}`,
    ...(wantsKey ? [`      ${cyan('-H "authorization: Bearer $ASYNCV_KEY" \\')}`] : []),
    `      ${cyan(`-H 'content-type: application/json' -d '${body}'`)}`,
    '',
    `  ${dim(words.start.pages(url))}`,
    '',
    '',
  ].join('\n')
}
