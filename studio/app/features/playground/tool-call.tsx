import { ChevronRight, Wrench } from 'lucide-react'
import { JsonView } from '../../ui/json-view.tsx'
import { Status } from '../../ui/status.tsx'
import { useFormats, useWords } from '../../words/words.tsx'
import type { ToolPart } from './turn.ts'

/** A tool that the agent called: what with, and what came back. `over`: nothing comes any more. */
export function ToolCall({ call, over }: { call: ToolPart; over: boolean }) {
  const words = useWords().playground
  const formats = useFormats()
  const { name, args, result, isError, startedAt, endedAt } = call
  const isRunning = endedAt === null && !over
  return (
    <details className="group rounded-md border border-edge text-sm">
      <summary className="flex cursor-pointer list-none items-center gap-2 rounded-md px-2.5 py-1.5 hover:bg-hover [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-4 shrink-0 text-faint transition-transform group-open:rotate-90" aria-hidden />
        <Wrench className="size-3.5 shrink-0 text-faint" aria-hidden />
        <span className="sr-only">{words.tool}</span>
        <code className="min-w-0 flex-1 truncate font-mono">{name}</code>
        {endedAt !== null && <span className="text-faint">{formats.duration(endedAt - startedAt)}</span>}
        {isRunning ? (
          <Status kind="info" live>
            {words.toolRunning}
          </Status>
        ) : endedAt === null ? (
          <Status kind="muted">{words.stopped}</Status>
        ) : (
          <Status kind={isError ? 'danger' : 'ok'}>{isError ? words.toolFailed : words.toolDone}</Status>
        )}
      </summary>
      <div className="grid gap-3 border-line border-t px-3 py-2.5">
        <Value name={words.input} value={args} />
        {endedAt !== null && <Value name={words.output} value={result} />}
      </div>
    </details>
  )
}

function Value({ name, value }: { name: string; value: unknown }) {
  return (
    <div className="min-w-0">
      <p className="mb-1 text-faint text-xs">{name}</p>
      {typeof value === 'string' ? (
        <p className="whitespace-pre-wrap break-words font-mono">{value}</p>
      ) : (
        <JsonView value={value} />
      )}
    </div>
  )
}
