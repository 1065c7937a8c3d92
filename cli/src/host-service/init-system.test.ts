import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { initSystemOf } from './init-system.ts'

/** As launchd does it: what is loaded is not loaded again, and what is told to end takes a moment to be gone. */
const launchctl = `#!/bin/sh
state="$(dirname "$0")/loaded"
case "$1" in
  bootstrap) [ -e "$state" ] && { echo 'Bootstrap failed: 5: Input/output error' >&2; exit 5; }; echo 3 > "$state" ;;
  bootout) [ -e "$state" ] || exit 3; echo ending > "$state" ;;
  print) [ -e "$state" ] || exit 113; [ "$(cat "$state")" = ending ] && rm "$state"; exit 0 ;;
esac
`

test.skipIf(process.platform === 'win32')(
  'an agent that launchd has already is ended before the new file is loaded',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'asyncv-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    mkdirSync(join(folder, 'bin'))
    writeFileSync(join(folder, 'bin/launchctl'), launchctl)
    chmodSync(join(folder, 'bin/launchctl'), 0o755)
    vi.stubEnv('PATH', `${join(folder, 'bin')}:${process.env['PATH']}`)
    onTestFinished(() => void vi.unstubAllEnvs())
    const launchd = initSystemOf('launchd', { HOME: folder })
    for (const _ of ['the first', 'again']) {
      await launchd.endEarlier('asyncv')
      const said = launchd.enabling('asyncv').map(([program = '', ...args]) => spawnSync(program, args).status)
      expect(said).toEqual([0])
    }
  },
)
