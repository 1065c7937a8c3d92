import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { buttonClasses } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import { Code } from '../../../ui/code.tsx'
import { KeyValue } from '../../../ui/key-value.tsx'
import { Section } from '../../../ui/page-header.tsx'
import { useNow } from '../../../ui/now.ts'
import { Badge, Status, type StatusKind } from '../../../ui/status.tsx'
import { AbsoluteTime } from '../../../ui/time.tsx'
import { useFormats, useWords } from '../../../words/words.tsx'
import { useFresh } from '../fresh.ts'
import { textOf } from '../place.ts'
import type { Watched } from '../types.ts'
import { type Leg, type Place, placeOfMessage, wayOf } from './legs.ts'
import { isBad, sayLeg } from './say-leg.ts'
import { isUnderWay, traceQuery } from './queries.ts'

const places: Record<Place, StatusKind> = {
  waiting: 'muted',
  working: 'info',
  sending: 'info',
  answered: 'ok',
  answeredCaller: 'ok',
  failed: 'danger',
  cancelled: 'warn',
  stuck: 'danger',
  command: 'ok',
  gone: 'muted',
}

/** ms: how often it is looked at while it is under way, since steps have no events. */
const underWayMs = 1_000

/** What happened to one message, drawn from top to bottom. */
export function MessageWay({ runtime, id }: { runtime: Watched; id: string }) {
  const words = useWords()
  const formats = useFormats()
  const query = traceQuery(runtime.id, id)
  const every = useFresh(runtime.id, {
    keys: [query.queryKey],
    concerns: (event) => event.message === id || timeline.tasks.some((one) => one.id === event.task),
    calmMs: 15_000,
  })
  const { timeline, message, steps, deliveries } = useSuspenseQuery({
    ...query,
    refetchInterval: ({ state: { data } }) => (data && isUnderWay(data) ? underWayMs : every),
  }).data
  const place = placeOfMessage(timeline, deliveries)
  const isMoving = place === 'waiting' || place === 'working' || place === 'sending'
  const now = useNow(500, isMoving)
  const way = wayOf(timeline, deliveries, steps, now)
  const task = timeline.tasks.at(-1)
  const name = message.person?.['name']
  return (
    <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="min-w-0">
        <p className="mb-1 font-semibold text-lg" role="status">
          <Status kind={places[place]} live={isMoving} long>
            {words.trace.places[place]}
          </Status>
        </p>
        <p className="mb-6 text-sm text-soft">
          {(way.isOver ? words.trace.total : words.trace.soFar)(formats.duration(way.totalMs))}
        </p>
        <Section title={words.trace.steps}>
          <ol>
            {way.legs.map((leg, at) => (
              <WayLeg
                key={leg.id}
                leg={leg}
                now={now}
                passedMs={at === 0 ? null : leg.start - (way.legs[at - 1]?.start ?? leg.start)}
                share={way.totalMs === 0 ? 0 : ((leg.end ?? now) - leg.start) / way.totalMs}
                isSlowest={leg.id === way.slowest}
                isLast={at === way.legs.length - 1}
              />
            ))}
          </ol>
        </Section>
      </div>
      <aside
        aria-label={words.trace.askedText}
        className="min-w-0 border-line border-t pt-6 text-sm lg:border-t-0 lg:border-l lg:pt-0 lg:pl-6"
      >
        <h2 className="mb-1 font-medium text-faint text-xs">{words.trace.askedText}</h2>
        <p dir="auto" className="mb-4 max-h-64 overflow-y-auto whitespace-pre-wrap break-words text-base">
          {textOf(message.parts)}
        </p>
        <KeyValue
          entries={[
            [words.trace.from, typeof name === 'string' ? name : null],
            [words.watch.agent, task?.agent ?? null],
            [words.trace.received, <AbsoluteTime key="at" at={message.receivedAt} />],
            [words.watch.id, <Code key="id">{message.id}</Code>],
          ]}
        />
        <div className="mt-4 flex flex-wrap gap-2">
          {task && (
            <Link to="/tasks/$task" params={{ task: task.id }} className={buttonClasses()}>
              {words.trace.showTask}
            </Link>
          )}
          <Link to="/sessions/$session" params={{ session: message.session }} className={buttonClasses()}>
            {words.trace.showSession}
          </Link>
        </div>
      </aside>
    </div>
  )
}

interface WayLegProps {
  leg: Leg
  now: number
  /** Since the leg above began; null for the first. */
  passedMs: number | null
  /** Of the whole way, 0 to 1. */
  share: number
  isSlowest: boolean
  isLast: boolean
}

function WayLeg({ leg, now, passedMs, share, isSlowest, isLast }: WayLegProps) {
  const words = useWords()
  const formats = useFormats()
  const ms = (leg.end ?? now) - leg.start
  const bad = isBad(leg)
  return (
    <li className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-3 sm:grid-cols-[6.5rem_1rem_minmax(0,1fr)]">
      <time
        dateTime={new Date(leg.start).toISOString()}
        className="hidden pt-0.5 text-right text-faint text-xs sm:block"
      >
        {formats.clock(leg.start)}
      </time>
      <span className="relative flex justify-center" aria-hidden>
        {!isLast && (
          <span className={classes('absolute top-3 bottom-[-0.5rem] w-px', isSlowest ? 'bg-warn' : 'bg-edge')} />
        )}
        <span
          className={classes(
            'relative mt-1.5 size-2.5 rounded-full border-2 border-page',
            bad ? 'bg-danger' : isSlowest ? 'bg-warn' : leg.end === null ? 'animate-breathe bg-info' : 'bg-faint',
          )}
        />
      </span>
      <div className="min-w-0 pb-5">
        <p className={classes('break-words', bad && 'text-danger')}>{sayLeg(leg, words)}</p>
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-soft">
          {ms > 0 ? (
            <span className={isSlowest ? 'font-semibold text-warn' : undefined}>{formats.duration(ms)}</span>
          ) : (
            <span className="text-faint">
              {passedMs === null || passedMs === 0
                ? passedMs === null
                  ? formats.time(leg.start)
                  : words.trace.atOnce
                : words.trace.passed(formats.duration(passedMs))}
            </span>
          )}
          {ms > 0 && (
            <span className="h-1.5 w-32 overflow-hidden rounded-full bg-sunken" aria-hidden>
              <span
                className={classes('block h-full rounded-full', isSlowest ? 'bg-warn' : 'bg-series-1')}
                style={{ width: `${Math.max(2, Math.min(100, share * 100))}%` }}
              />
            </span>
          )}
          {isSlowest && <Badge kind="warn">{words.trace.slowest}</Badge>}
        </p>
      </div>
    </li>
  )
}
