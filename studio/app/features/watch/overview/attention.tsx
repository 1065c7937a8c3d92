import { useQuery } from '@tanstack/react-query'
import { Link, type LinkProps } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { Status, type StatusKind } from '../../../ui/status.tsx'
import type { Words } from '../../../words/english.ts'
import { useWords } from '../../../words/words.tsx'
import { statsQuery } from '../reach.ts'
import type { RuntimeStatus, Stats, Watched } from '../types.ts'
import { latestTargetsQuery, statusQuery } from './queries.ts'

interface Matter {
  kind: StatusKind
  text: string
  detail?: string | null
  to?: Pick<LinkProps, 'to' | 'search' | 'params'>
}

/** What somebody should look at, the worst first. */
export function Attention({ runtime, failed }: { runtime: Watched; failed: number }) {
  const words = useWords()
  const status = useQuery(statusQuery(runtime.id)).data
  const stats = useQuery(statsQuery(runtime.id)).data
  const target = useQuery(latestTargetsQuery).data?.get(runtime.id)
  const matters = [
    ...(target ? ofRelease(target, words) : []),
    ...(status ? ofStatus(status, words) : []),
    ...(stats ? ofDeliveries(stats, words) : []),
    ...(failed > 0
      ? [
          {
            kind: 'danger',
            text: words.overview.failed(failed),
            to: { to: '/tasks', search: { state: 'failed' } },
          } as Matter,
        ]
      : []),
  ]
  if (matters.length === 0) {
    return (
      <p className="flex items-center gap-2 text-sm text-soft">
        <CircleCheck className="size-4 text-ok" aria-hidden />
        {words.overview.calm}
      </p>
    )
  }
  return (
    <ul className="divide-y divide-line border-line border-t">
      {matters.map(({ kind, text, detail, to }) => (
        <li key={text} className="flex items-baseline justify-between gap-x-6 py-2 text-sm">
          <span className="min-w-0">
            <Status kind={kind} long>
              {text}
            </Status>
            {detail && <span className="block pl-3 text-soft">{detail}</span>}
          </span>
          {to && (
            <Link {...(to as LinkProps)} className="shrink-0 text-accent hover:underline">
              {words.overview.show}
              <span className="sr-only">: {text}</span>
            </Link>
          )}
        </li>
      ))}
    </ul>
  )
}

function ofRelease({ n, state, detail }: { n: number; state: string; detail: string | null }, words: Words): Matter[] {
  const to = { to: '/releases/$n', params: { n: String(n) } } as const
  if (state === 'drifted') return [{ kind: 'warn', text: words.overview.drifted(n), detail, to }]
  if (state === 'refused') return [{ kind: 'danger', text: words.overview.refused(n), detail, to }]
  return []
}

function ofStatus({ connectors, checks, release, drain }: RuntimeStatus, { overview }: Words): Matter[] {
  const own = new Set(connectors.map(({ name }) => name))
  return [
    ...connectors
      .filter(({ state, ok }) => state !== 'connected' || !ok)
      .map(({ name, state, detail }): Matter => {
        const text = state === 'stopped' ? overview.stopped(name) : overview.away(name)
        return { kind: state === 'stopped' ? 'warn' : 'danger', text, detail, to: { to: '/connectors' } }
      }),
    ...checks
      .filter(({ name, ok }) => !ok && ![...own].some((one) => name.includes(one)))
      .map(({ name, detail }): Matter => ({ kind: 'danger', text: overview.notReady(name), detail: detail ?? null })),
    ...(release && !release.inForce ? [{ kind: 'danger', text: overview.notInForce } as Matter] : []),
    ...(drain.state === 'off' ? [] : [{ kind: 'warn', text: overview.draining } as Matter]),
  ]
}

function ofDeliveries({ deliveries }: Stats, { overview }: Words): Matter[] {
  const to = { to: '/deliveries' } as const
  const matters: Matter[] = []
  if (deliveries.dead > 0) matters.push({ kind: 'danger', text: overview.dead(deliveries.dead), to })
  if (deliveries.held > 0) matters.push({ kind: 'warn', text: overview.held(deliveries.held), to })
  if (deliveries.uncertain > 0) matters.push({ kind: 'warn', text: overview.uncertain(deliveries.uncertain), to })
  return matters
}
