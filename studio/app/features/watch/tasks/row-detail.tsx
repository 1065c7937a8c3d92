import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { JsonView } from '../../../ui/json-view.tsx'
import { KeyValue } from '../../../ui/key-value.tsx'
import { Markdown } from '../../../ui/markdown.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { useFormats, useWords } from '../../../words/words.tsx'
import { textOf } from '../place.ts'
import { DeliveryStatus } from '../states.tsx'
import { inputResult, modelResult, toolInput, toolResult } from './step-content.ts'
import type { WaterfallRow } from './waterfall-rows.ts'

/** What went into one step, what came out, and when. */
export function RowDetail({ row }: { row: WaterfallRow }) {
  const words = useWords()
  const formats = useFormats()
  const { step } = row
  return (
    <div className="flex flex-col gap-4 pt-1 pr-2 pb-4 pl-7">
      {(row.kind === 'wait' || row.kind === 'own' || row.kind === 'unfinished') && (
        <p className="max-w-2xl text-sm text-soft">{words.tasks.explained[row.kind]}</p>
      )}
      {step?.state === 'unknown' && <Notice kind="warn">{words.tasks.unknownEffect}</Notice>}
      <KeyValue
        entries={[
          [words.tasks.began, formats.clock(row.start)],
          [words.tasks.ended, row.end === null ? words.tasks.notYet : formats.clock(row.end)],
          [words.tasks.attempt, step && step.attempt > 1 ? formats.number(step.attempt) : null],
          [
            words.watch.tokens,
            step?.kind === 'model'
              ? words.watch.tokensInOut(formats.number(step.usage.inputTokens), formats.number(step.usage.outputTokens))
              : null,
          ],
          [words.tasks.effect, step?.effect ? words.tasks.effects[step.effect] : null],
        ]}
      />
      {step?.kind === 'model' && <ModelDetail result={step.result} />}
      {step?.kind === 'tool' && <ToolDetail call={step.call} result={step.result} over={step.endedAt !== null} />}
      {step?.kind === 'input' && <InputDetail result={step.result} />}
      {row.delivery && (
        <>
          <KeyValue
            entries={[
              [words.watch.state, <DeliveryStatus key="state" state={row.delivery.state} />],
              [words.deliveries.said, row.delivery.error?.message ?? null],
            ]}
          />
          <Piece title={words.deliveries.body}>
            <Markdown text={textOf(row.delivery.body)} />
          </Piece>
        </>
      )}
    </div>
  )
}

function ModelDetail({ result }: { result: unknown }) {
  const words = useWords().tasks
  const read = modelResult.safeParse(result)
  if (!read.success) return result === null ? null : <Piece title={words.output}>{<JsonView value={result} />}</Piece>
  const { text, reasoning, calls } = read.data
  return (
    <>
      {reasoning && (
        <Piece title={words.reasoning}>
          <p className="whitespace-pre-wrap break-words text-soft">{reasoning}</p>
        </Piece>
      )}
      {text !== '' && (
        <Piece title={words.output}>
          <Markdown text={text} />
        </Piece>
      )}
      {calls.map((call) => (
        <Piece key={call.callId} title={words.asksFor(call.name)}>
          <JsonView value={call.args} />
        </Piece>
      ))}
    </>
  )
}

function ToolDetail({ call, result, over }: { call: unknown; result: unknown; over: boolean }) {
  const words = useWords().tasks
  const asked = toolInput.safeParse(call)
  const got = toolResult.safeParse(result)
  return (
    <>
      <Piece title={words.input}>
        <JsonView value={asked.success ? asked.data.args : call} />
      </Piece>
      {over && (
        <Piece title={got.success && got.data.isError ? words.toolFailed : words.output}>
          <JsonView value={got.success ? got.data.result : result} />
        </Piece>
      )}
    </>
  )
}

function InputDetail({ result }: { result: unknown }) {
  const words = useWords()
  const read = inputResult.safeParse(result)
  if (!read.success) return <JsonView value={result} />
  return (
    <Piece title={words.tasks.takenUp}>
      <p className="whitespace-pre-wrap break-words">{textOf(read.data.parts)}</p>
      <Link
        to="/trace/$message"
        params={{ message: read.data.message }}
        className="mt-1 inline-block text-accent hover:underline"
      >
        {words.trace.title}
      </Link>
    </Piece>
  )
}

function Piece({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="min-w-0 text-sm">
      <h3 className="mb-1 font-medium text-faint text-xs">{title}</h3>
      {children}
    </div>
  )
}
