import type { ConnectionChange, ConnectorStatus, DrainState } from 'asyncv'
import type { Seen, ServiceStatus } from '../calling/service-status.ts'
import { cleanLine } from '../terminal/clean.ts'
import type { Screen } from '../terminal/screen.ts'
import { durationOf } from '../terminal/time.ts'
import { padEnd } from '../terminal/width.ts'
import { words } from '../words/spoken.ts'

/** What is seen of a service, as lines for a person. */
export function statusLines(
  { url, ready, checks, numbers, whyNone, service, studio }: Seen,
  { paint }: Screen,
): string[] {
  const { green, red, bold, dim } = paint
  const mark = (ok: boolean): string => (ok ? green('✓') : red('✗'))
  const said = words.status.numbers as Record<string, string>
  return [
    `${mark(ready)} ${ready ? words.status.ready(bold(url)) : words.status.notReady(bold(url))}`,
    ...checks.map(({ name, ok, detail }) => {
      const why = detail === undefined ? '' : dim(` (${cleanLine(detail)})`)
      return `  ${mark(ok)} ${cleanLine(name)}${why}`
    }),
    ...Object.entries(numbers).map(([name, value]) => fact(said[name] ?? name, String(value))),
    ...(whyNone === null ? [] : [`  ${words.status.unknown(whyNone)}`]),
    ...(service === null ? [] : serviceLines(service)),
    ...(studio === null ? [] : [fact(words.status.studio, studio)]),
  ]
}

function serviceLines(service: ServiceStatus): string[] {
  const { version, node, pid, uptimeMs, release, storage, connectors, providers, plugins, agents, drain, change } =
    service
  const { status } = words
  const typed = ({ name, type }: { name: string; type: string | null }): string =>
    cleanLine(type === null || type === name ? name : `${name} (${type})`)
  const rows: [string, readonly string[]][] = [
    [status.process, [status.processIs(version, node, pid)]],
    [status.up, uptimeMs === null ? [] : [durationOf(uptimeMs)]],
    [status.database, storage === null ? [] : [storage]],
    [status.release, release === null ? [] : [releaseText(release)]],
    [status.change, change === undefined || change === null ? [] : [changeText(change)]],
    [status.drain, drain.state === 'off' ? [] : [drainText(drain)]],
    [status.agents, agents.map(cleanLine)],
    [status.connectors, connectors.map(connectorText)],
    [status.providers, providers.map(typed)],
    [status.plugins, plugins.map(({ name }) => cleanLine(name))],
  ]
  return rows.filter(([, values]) => values.length > 0).map(([label, values]) => fact(label, values.join(', ')))
}

function releaseText({ revision, publisher, inForce, fileInForce }: NonNullable<ServiceStatus['release']>): string {
  const { status } = words
  const notes = [...(inForce ? [] : [status.notInForce]), ...(fileInForce === false ? [status.fileNotInForce] : [])]
  return words.trace.joined([status.releaseIs(revision, cleanLine(publisher)), ...notes])
}

function connectorText({ name, type, state, account, agent }: ConnectorStatus): string {
  const about = [
    type,
    ...(account === null ? [] : [account]),
    ...(state === 'connected' ? [] : [words.parts.states[state]]),
  ]
  return `${cleanLine(name)} (${about.map(cleanLine).join(', ')})${agent === null ? '' : ` → ${cleanLine(agent)}`}`
}

/** What is done to what is connected, what that waits for, and how many wait for it. */
export function changeText({ what, name, since, waitsFor, waiting }: ConnectionChange): string {
  const { changes, changeFor, changeWaitsFor, changeWaiting } = words.status
  return words.trace.joined([
    changeFor(changes[what](cleanLine(name)), durationOf(Math.max(0, Date.now() - since))),
    ...(waitsFor === null ? [] : [changeWaitsFor(cleanLine(waitsFor))]),
    ...(waiting === 0 ? [] : [changeWaiting(waiting)]),
  ])
}

/** How far a drain is. */
export function drainText({ state, tasks, deliveries }: DrainState): string {
  const { drain } = words
  if (state === 'off') return drain.off
  if (state === 'drained') return deliveries === 0 ? drain.drained : drain.drainedBut(deliveries)
  return state === 'leaving' ? drain.leaving(tasks, deliveries) : drain.draining(tasks, deliveries)
}

function fact(label: string, value: string): string {
  return `  ${padEnd(label, 20)} ${value}`
}
