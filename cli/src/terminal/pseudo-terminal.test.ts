import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text as textOf } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandPlace, type Place } from '../command.fixture.ts'
import { widthOf } from './width.ts'

/** util-linux' `script` gives a program a terminal; that of macOS and BSD takes other words. */
const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true

let place: Place
beforeAll(() => {
  place = commandPlace()
})
afterAll(() => place.remove())

/** Runs the command in a terminal of so many columns; types the keys when it says something that ends as `until`. */
async function inTerminal(
  args: string[],
  {
    env = {},
    columns = 80,
    until = '',
    keys = '',
  }: { env?: Record<string, string>; columns?: number; until?: string; keys?: string },
): Promise<{ code: number; screen: string }> {
  const { command, args: all, cwd, env: environment } = place.command(args, { TERM: 'xterm', ...env })
  const line = [command, ...all].map((word) => `'${word}'`).join(' ')
  const child = spawn('script', ['-qec', `stty cols ${columns}; exec ${line}`, '/dev/null'], { cwd, env: environment })
  let shown = ''
  let typed = false
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString()
    if (keys === '' || typed || !shown.includes(until)) return
    typed = true
    child.stdin.write(keys)
  })
  const [, [code]] = await Promise.all([textOf(child.stdout), once(child, 'exit') as Promise<[number]>])
  return { code, screen: shown.replaceAll('\r\n', '\n') }
}

describe.skipIf(!hasScript)('in a terminal', () => {
  test.each([60, 80, 140])('help of %i columns fits, in colour', async (columns) => {
    for (const language of ['en', 'zh']) {
      const { code, screen } = await inTerminal(['tasks', 'list', '--help', '--lang', language], { columns })
      expect(code).toBe(0)
      expect(screen).toContain('\u001b[1m')
      expect(Math.max(...screen.split('\n').map(widthOf))).toBeLessThanOrEqual(columns)
    }
  })

  test('NO_COLOR leaves colours out', async () => {
    expect((await inTerminal(['--help'], { env: { NO_COLOR: '1' } })).screen).not.toContain('\u001b')
  })

  const discard = ['deliveries', 'discard', 'd1']

  test('a question is asked, and a no changes nothing', async () => {
    const { code, screen } = await inTerminal(discard, { until: '[y/N]', keys: 'n\r' })
    expect({ code, screen }).toEqual({
      code: 1,
      screen: expect.stringMatching(/Give delivery d1 up\?[\s\S]*Nothing was done/),
    })
  })

  test('after a yes it goes on', async () => {
    const { screen } = await inTerminal(discard, { until: '[y/N]', keys: 'y\r' })
    expect(screen).toContain('No asyncv service was found.')
  })

  test('Ctrl-C at a question ends the command with 130', async () => {
    expect((await inTerminal(discard, { until: '[y/N]', keys: '\u0003' })).code).toBe(130)
  })

  test('Ctrl-D at a question is a no', async () => {
    expect((await inTerminal(discard, { until: '[y/N]', keys: '\u0004' })).code).toBe(1)
  })
})
