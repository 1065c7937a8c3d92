import { createAsyncv } from 'asyncv'
import { createServer, type RouteInfo } from '@asyncv/server'
import { print, printJson } from '../output.ts'
import { screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** Every HTTP route of a service of this version, and what opens it; none has to run for that. */
export function showRoutes(flags: Flags): void {
  const asyncv = createAsyncv({ agents: [{ name: 'any', model: 'offline/demo' }] })
  const routes = createServer(asyncv).routes()
  if (flags['json']) return printJson(routes)
  const { debug } = words
  print(
    tableOf<RouteInfo>(
      routes,
      [
        { heading: debug.listener, cell: ({ listener }) => listener },
        { heading: debug.method, cell: ({ method }) => method },
        { heading: debug.path, cell: ({ path }) => path },
        { heading: debug.needs, cell: ({ needs }) => needsOf(needs), flexible: 'wrapped' },
      ],
      screen(),
    ),
  )
}

function needsOf(needs: RouteInfo['needs']): string {
  return typeof needs === 'string' ? words.debug.opens[needs] : words.debug.anyOf(needs)
}
