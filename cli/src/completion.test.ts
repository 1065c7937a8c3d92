import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { completionScript } from './completion.ts'
import { commandTree } from './tree/tree.ts'
import { english } from './words/english.ts'

const scriptOf = (shell: 'bash' | 'zsh' | 'fish'): string => completionScript(shell, commandTree(english))
const isThere = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0

/** What bash would offer for the last of these words. */
function offered(...words: string[]): string[] {
  const { stdout, stderr } = spawnSync(
    'bash',
    [
      '-c',
      `${scriptOf('bash')}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _asyncv; echo "\${COMPREPLY[*]}"`,
      '-',
      'asyncv',
      ...words,
    ],
    { encoding: 'utf8' },
  )
  expect(stderr).toBe('')
  return stdout.trim().split(' ')
}

describe.skipIf(!isThere('bash'))('in bash', () => {
  test.each<[string[], string[]]>([
    [['ta'], ['tasks']],
    [['tasks', 'c'], ['cancel']],
    [['tasks', 'list', '--st'], ['--state']],
    [['tasks', 'list', '--state', 'f'], ['failed']],
    [['tasks', '--quiet', 'sh'], ['show']],
    [['completion', 'z'], ['zsh']],
    [
      ['send', 'helper', '--when-busy', ''],
      ['queue', 'steer'],
    ],
    [
      ['start', '--h'],
      ['--host', '--help'],
    ],
  ])('%j offers %j', (words, expected) => {
    expect(offered(...words)).toEqual(expected)
  })
})

// Shells that are on few machines; where they are, they do what they are asked.
test.skipIf(!isThere('zsh'))('zsh can read its script', () => {
  expect(spawnSync('zsh', ['-n'], { input: scriptOf('zsh'), encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  })
})

test.skipIf(!isThere('fish')).each([
  ['asyncv ta', 'tasks'],
  ['asyncv tasks --quiet sh', 'show'],
  ['asyncv tasks list --state f', 'failed'],
])('in fish "%s" offers %s', (line, expected) => {
  const asked = `${scriptOf('fish')}\ncomplete -C '${line}'`
  const { stdout, stderr } = spawnSync('fish', ['-N', '-c', asked], { encoding: 'utf8' })
  const offers = stdout
    .trim()
    .split('\n')
    .map((offer) => offer.split('\t')[0])
  expect({ stderr, offers }).toEqual({ stderr: '', offers: [expected] })
})

test('every command, flag and known value is in each shell’s script', () => {
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const script = scriptOf(shell)
    for (const { usage, options } of commandTree(english)) {
      expect(script).toContain(usage.split(' ')[0])
      for (const { flags, takes } of options) {
        const long = flags.replace(/^.*--/, '')
        expect(script).toContain(shell === 'fish' ? `-l ${long}` : `--${long}`)
        if (typeof takes === 'object') expect(script).toContain(takes.join(' '))
      }
    }
  }
})
