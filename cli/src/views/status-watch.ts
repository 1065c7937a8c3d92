import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError } from '../failure.ts'
import { print, printJsonLine } from '../output.ts'
import { lookAt, type Seen } from '../calling/service-status.ts'
import { statusJson } from './status-json.ts'
import { statusLines } from './status-lines.ts'
import { cleanLine } from '../terminal/clean.ts'
import { live } from '../terminal/live.ts'
import { screen } from '../terminal/screen.ts'
import { secondOf } from '../terminal/time.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** How often is looked. ms. */
const everyMs = 1_000

/** `asyncv status --watch`: a screen that stays true in a terminal; in a pipe a line for each change, or with `--json` an object. */
export async function watchStatus(flags: Flags): Promise<void> {
  // Whoever mistyped a folder would wait for ever.
  const first = await lookAt(flags)
  const leaving = new AbortController()
  const leave = (): void => leaving.abort()
  process.once('SIGINT', leave).once('SIGTERM', leave)
  const show = flags['json'] === true ? jsonLines() : process.stdout.isTTY ? onScreen() : changes()
  try {
    for (let seen: Seen | null = first; !leaving.signal.aborted; seen = await again(flags)) {
      show.next(seen)
      await sleep(everyMs, null, { signal: leaving.signal }).catch(() => {})
    }
  } finally {
    show.leave()
    process.off('SIGINT', leave).off('SIGTERM', leave)
  }
}

interface Show {
  /** Null while there is no service. */
  next(seen: Seen | null): void
  leave(): void
}

/** Null while nothing answers: it may come back. */
async function again(flags: Flags): Promise<Seen | null> {
  return lookAt(flags).catch((error: unknown) => {
    if (error instanceof CommandError && error.exitCode === 1) return null
    throw error
  })
}

function onScreen(): Show {
  const drawing = live(process.stdout)
  const { paint } = screen()
  return {
    next(seen) {
      const lines = seen === null ? [`${paint.red('✗')} ${words.status.away}`] : statusLines(seen, screen())
      drawing.draw([...lines, '', paint.dim(words.status.leave(secondOf(Date.now())))])
    },
    leave: () => drawing.leave(),
  }
}

function changes(): Show {
  let before: ReadonlyMap<string, string> | null = null
  return {
    next(seen) {
      const now = factsOf(seen)
      const at = new Date().toISOString()
      for (const [name, value] of now) {
        const was = before?.get(name)
        if (was === value) continue
        print(was === undefined ? `${at} ${name}: ${value}` : `${at} ${name}: ${was} → ${value}`)
      }
      before = now
    },
    leave() {},
  }
}

function jsonLines(): Show {
  let before = ''
  return {
    next(seen) {
      const whole = seen === null ? null : statusJson(seen)
      // Time passes also where nothing changes.
      const text = JSON.stringify(whole, (key, value: unknown) => (key === 'uptimeMs' ? undefined : value))
      if (text !== before) printJsonLine(JSON.parse(text))
      before = text
    },
    leave() {},
  }
}

/** What may change, each by its name. */
function factsOf(seen: Seen | null): Map<string, string> {
  const { status } = words
  if (seen === null) return new Map([[status.service, status.awayShort]])
  const { url, ready, checks, numbers, service } = seen
  const said = status.numbers as Record<string, string>
  return new Map([
    [status.service, ready ? status.ready(url) : status.notReady(url)],
    ...checks.map(({ name, ok, detail }): [string, string] => {
      const why = detail === undefined ? '' : ` (${cleanLine(detail)})`
      return [cleanLine(name), `${ok ? status.good : status.bad}${why}`]
    }),
    ...Object.entries(numbers).map(([name, value]): [string, string] => [said[name] ?? name, String(value)]),
    ...(service === null ? [] : ([[status.drain, words.drain.states[service.drain.state]]] as [string, string][])),
    ...(service === null ? [] : ([[status.process, String(service.pid)]] as [string, string][])),
  ])
}
