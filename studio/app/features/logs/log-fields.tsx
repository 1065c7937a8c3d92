import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { CopyButton } from '../../ui/copy-button.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { AbsoluteTime } from '../../ui/time.tsx'
import { useWords } from '../../words/words.tsx'
import type { LogLine } from './log-filter.ts'

/** A line, whole: its message, its fields, and where its ids lead. */
export function LogFields({ line }: { line: LogLine }) {
  const words = useWords().logs
  const { at, message, fields } = line
  return (
    <div className="flex flex-col gap-2 px-3 pt-1 pb-3 text-sm">
      <div className="flex items-start gap-2">
        <p className="min-w-0 flex-1 whitespace-pre-wrap break-words">{message}</p>
        <CopyButton text={JSON.stringify(line)} />
      </div>
      <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[minmax(6rem,auto)_1fr]">
        <dt className="text-faint">{words.time}</dt>
        <dd>
          <AbsoluteTime at={at} />
        </dd>
        {Object.entries(fields).map(([name, value]) => (
          <Field key={name} name={name} value={value} />
        ))}
      </dl>
    </div>
  )
}

function Field({ name, value }: { name: string; value: unknown }) {
  return (
    <>
      <dt className="break-words text-faint">{name}</dt>
      <dd className="min-w-0 whitespace-pre-wrap break-words">
        {typeof value === 'string' ? <Text name={name} text={value} /> : <JsonView value={value} open={1} />}
      </dd>
    </>
  )
}

const link = 'text-accent hover:underline'

/** An id leads to the page of what it names; a request and a connector to their lines. */
function Text({ name, text }: { name: string; text: string }): ReactNode {
  switch (name) {
    case 'task':
      return (
        <Link to="/tasks/$task" params={{ task: text }} className={link}>
          {text}
        </Link>
      )
    case 'session':
      return (
        <Link to="/sessions/$session" params={{ session: text }} className={link}>
          {text}
        </Link>
      )
    case 'message':
      return (
        <Link to="/trace/$message" params={{ message: text }} className={link}>
          {text}
        </Link>
      )
    case 'requestId':
      return (
        <Link to="/logs" search={{ request: text }} className={link}>
          {text}
        </Link>
      )
    case 'connector':
      return (
        <Link to="/logs" search={{ connector: text }} className={link}>
          {text}
        </Link>
      )
    default:
      return text
  }
}
