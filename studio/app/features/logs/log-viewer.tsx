import { Download, Pause, Play, ScrollText } from 'lucide-react'
import { useEffect } from 'react'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { EmptyState, NoMatchState } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import { useFormats, useWords } from '../../words/words.tsx'
import { download } from '../../ui/download.ts'
import { isFiltering, type LogFilter, type LogLine } from './log-filter.ts'
import { LogFilters } from './log-filters.tsx'
import { LogList } from './log-list.tsx'
import { useTail } from './tail.ts'

export interface LogViewerProps {
  runtime: { id: string; name: string }
  filter: LogFilter
  /** What the runtime has of them from before. */
  earlier: readonly LogLine[]
  connectors: readonly string[]
  onFilter(change: LogFilter): void
  onClear(): void
}

export function LogViewer({ runtime, filter, earlier, connectors, onFilter, onClear }: LogViewerProps) {
  const words = useWords().logs
  const formats = useFormats()
  const { buffer, view, connected } = useTail(runtime.id)
  useEffect(() => buffer.look(filter, earlier), [buffer, filter, earlier])
  const { rows, waiting, dropped, missed, paused } = view
  const gone = [...(dropped > 0 ? [words.dropped(dropped)] : []), ...(missed > 0 ? [words.missed(missed)] : [])]
  return (
    <div className="flex h-[calc(100dvh-8.5rem)] min-h-96 flex-col">
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <LogFilters filter={filter} connectors={connectors} onChange={onFilter} />
        <div className="ml-auto flex items-center gap-2">
          <span className="text-soft text-sm" role="status">
            {paused ? (
              <Status kind="warn">{words.paused}</Status>
            ) : (
              <Status kind={connected ? 'ok' : 'muted'} live={connected}>
                {connected ? words.live : words.connecting}
              </Status>
            )}
          </span>
          <Button
            icon={paused ? <Play className="size-3.5" aria-hidden /> : <Pause className="size-3.5" aria-hidden />}
            onClick={() => buffer.pause(!paused)}
          >
            {paused ? (waiting > 0 ? words.goOnWith(waiting) : words.goOn) : words.pause}
          </Button>
          <IconButton
            label={words.download}
            variant="secondary"
            icon={<Download className="size-4" aria-hidden />}
            disabled={rows.length === 0}
            onClick={() =>
              download(
                `${runtime.name}.log.jsonl`,
                'application/jsonl',
                rows.map(({ line }) => `${JSON.stringify(line)}\n`),
              )
            }
          />
        </div>
      </div>
      {rows.length > 0 ? (
        <LogList key={JSON.stringify(filter)} rows={rows} />
      ) : isFiltering(filter) ? (
        <NoMatchState onClear={onClear} />
      ) : (
        <EmptyState icon={<ScrollText aria-hidden />} title={words.empty} text={words.emptyHint} />
      )}
      <p className="mt-2 flex flex-wrap gap-x-3 text-faint text-xs">
        <span>{words.shown(formats.number(rows.length), formats.number(view.held))}</span>
        {gone.length > 0 && <span className="text-warn">{gone.join(' ')}</span>}
      </p>
    </div>
  )
}
